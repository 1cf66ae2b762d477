WITH key AS (
  SELECT id, rate, audience, is_limited, networks
  FROM roster_apikey
  WHERE prefix = :prefix AND secret_hash = :secret_hash AND kind = 'bearer'
    AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
), used AS (
  INSERT INTO roster_keyuse AS use (api_key_id, window_started_at, requests, last_used_at)
  SELECT id, CAST(:now AS bigint), 1, now() FROM key
  ON CONFLICT (api_key_id) DO UPDATE SET
    requests = CASE WHEN use.window_started_at > :window THEN use.requests + 1 ELSE 1 END,
    window_started_at = CASE WHEN use.window_started_at > :window THEN use.window_started_at
                             ELSE excluded.window_started_at END,
    last_used_at = excluded.last_used_at
  RETURNING requests, window_started_at
)
SELECT key.rate, key.audience, key.is_limited, key.networks, used.requests, used.window_started_at
FROM key, used
