SELECT
  m.id, o.id, o.name, o.short_name, t.id, t.name, y.id, y.name, p.id, p.name,
  u.id, u.username, coalesce(nullif(u.preferred_first_name, ''), u.first_name), u.last_name, u.campus_email,
  m.recorded_start, m.recorded_end, m.reported_start, m.reported_end,
  m.shown_on_campus, m.shown_on_public, m.created_at, m.modified_at
FROM roster_user u
JOIN memberships_membership m ON m.user_id = u.id
JOIN organizations_position p ON p.id = m.position_id
JOIN organizations_organization o ON o.id = p.organization_id
JOIN organizations_positiontemplate t ON t.id = p.template_id
JOIN organizations_positiontype y ON y.id = p.type_id
WHERE m.shown_on_campus AND m.deleted_at IS NULL AND NOT u.is_confidential AND o.directory_visibility = 'visible'
  AND u.id = :userId
  AND u.username_folded = :username
ORDER BY p.order_key, p.id, m.id
LIMIT :limit OFFSET :offset
