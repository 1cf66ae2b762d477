SELECT
  seat.id, o.id, o.name, o.short_name, about.template_id, about.template, about.type_id, about.type, p.id, about.name,
  seat.user_id, seat.username, seat.first_name, seat.last_name, seat.campus_email,
  seat.recorded_start, seat.recorded_end, seat.reported_start, seat.reported_end,
  seat.shown_on_campus, seat.shown_on_public, seat.created_at, seat.modified_at
FROM organizations_position p
JOIN organizations_organization o ON o.id = p.organization_id
CROSS JOIN LATERAL (
  SELECT q.name, t.id AS template_id, t.name AS template, y.id AS type_id, y.name AS type
  FROM organizations_position q
  JOIN organizations_positiontemplate t ON t.id = q.template_id
  JOIN organizations_positiontype y ON y.id = q.type_id
  WHERE q.id = p.id
  LIMIT 1
) about
CROSS JOIN LATERAL (
  SELECT
    m.id, u.id AS user_id, u.username, coalesce(nullif(u.preferred_first_name, ''), u.first_name) AS first_name,
    u.last_name, u.campus_email, m.recorded_start, m.recorded_end, m.reported_start, m.reported_end,
    m.shown_on_campus, m.shown_on_public, m.created_at, m.modified_at
  FROM memberships_membership m
  JOIN roster_user u ON u.id = m.user_id
  WHERE m.position_id = p.id AND m.shown_on_campus AND m.deleted_at IS NULL AND NOT u.is_confidential
    AND m.shown_on_public = :publicPrivacyFilter
    AND m.recorded_start <= :today AND (m.recorded_end IS NULL OR m.recorded_end >= :today)
  ORDER BY m.id
  LIMIT CAST(:limit AS int) + CAST(:offset AS int)
) seat
WHERE o.directory_visibility = 'visible'
  AND p.organization_id = :organizationId
ORDER BY p.order_key, p.id, seat.id
LIMIT :limit OFFSET :offset
