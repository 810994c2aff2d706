/** What the limit signs its tokens with. It listens on loopback while the bench runs. */
export const limitKey = 'a key of the bench and of nothing else';

/** The tables and indexes that its statements need, and no others. */
export const schema = `
  CREATE TABLE IF NOT EXISTS users (
    user_id uuid PRIMARY KEY, external_id text NOT NULL UNIQUE, first_name text, last_name text, email text, phone text, city text, attributes jsonb NOT NULL DEFAULT '{}', password_hash text,
    created_at timestamptz NOT NULL DEFAULT now(), modified_at timestamptz NOT NULL DEFAULT now(),
    search text GENERATED ALWAYS AS (lower(coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || coalesce(email, ''))) STORED
  );
  CREATE INDEX IF NOT EXISTS users_search_idx ON users USING gin (search gin_trgm_ops);
  CREATE INDEX IF NOT EXISTS users_email_idx ON users (email);
  CREATE TABLE IF NOT EXISTS events (user_id uuid NOT NULL, occurred_at timestamptz NOT NULL, event_id text NOT NULL, event text NOT NULL, properties jsonb NOT NULL, PRIMARY KEY (user_id, event_id));
  CREATE INDEX IF NOT EXISTS events_time_idx ON events (user_id, occurred_at);
  CREATE TABLE IF NOT EXISTS sessions (session_id uuid PRIMARY KEY, user_id uuid NOT NULL, refresh_hash bytea NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS people (user_id uuid PRIMARY KEY, email text NOT NULL UNIQUE, first_name text, last_name text);
  CREATE TABLE IF NOT EXISTS team_members (team_id uuid NOT NULL, user_id uuid NOT NULL, role text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (team_id, user_id));
  CREATE TABLE IF NOT EXISTS invitations (invitation_id uuid PRIMARY KEY, org_id uuid NOT NULL, user_id uuid NOT NULL, role text NOT NULL, token_hash bytea NOT NULL, expires_at timestamptz NOT NULL, UNIQUE (org_id, user_id));
  CREATE TABLE IF NOT EXISTS mails (invitation_id uuid NOT NULL, asked_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX IF NOT EXISTS mails_idx ON mails (asked_at);
`;
