SELECT count(*)
FROM memberships_membership m
JOIN organizations_position p ON p.id = m.position_id
JOIN organizations_organization o ON o.id = p.organization_id
JOIN roster_user u ON u.id = m.user_id
WHERE m.shown_on_campus AND m.deleted_at IS NULL AND NOT u.is_confidential AND o.directory_visibility = 'visible'
  AND p.organization_id = :organizationId
  AND u.id = :userId
  AND u.username_folded = :username
  AND m.shown_on_public = :publicPrivacyFilter
  AND m.recorded_start <= :today AND (m.recorded_end IS NULL OR m.recorded_end >= :today)
  AND m.modified_at >= :ModifiedOnStart
