import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was asked to take which role where, and how that ended. */
export class CreateInvitations1767225600020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE invitations (
        place_id uuid NOT NULL,
        invitation_id uuid NOT NULL,
        level text NOT NULL,
        organisation_id uuid,
        team_id uuid,
        project_id uuid,
        user_id uuid NOT NULL,
        email text NOT NULL,
        role text NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        mail_id uuid NOT NULL,
        token_hash bytea NOT NULL,
        invited_by_type text NOT NULL,
        invited_by text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL,
        closed_at timestamptz(3),
        CONSTRAINT invitations_pkey PRIMARY KEY (place_id, invitation_id),
        CONSTRAINT invitations_invitation_id_key UNIQUE (invitation_id),
        CONSTRAINT invitations_mail_id_key UNIQUE (mail_id),
        CONSTRAINT invitations_token_hash_key UNIQUE (token_hash),
        CONSTRAINT invitations_level_check CHECK (level IN ('deployment', 'organisation', 'team', 'project')),
        CONSTRAINT invitations_status_check CHECK (status IN ('pending', 'accepted', 'expired', 'cancelled')),
        CONSTRAINT invitations_closed_check CHECK ((status = 'pending') = (closed_at IS NULL)),
        CONSTRAINT invitations_user_id_fkey FOREIGN KEY (user_id) REFERENCES members (user_id),
        CONSTRAINT invitations_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations (organisation_id) ON DELETE CASCADE,
        CONSTRAINT invitations_team_fkey FOREIGN KEY (organisation_id, team_id) REFERENCES teams (organisation_id, team_id) ON DELETE CASCADE,
        CONSTRAINT invitations_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX invitations_pending_key ON invitations (place_id, user_id) WHERE status = 'pending';
      CREATE INDEX invitations_organisation_idx ON invitations (organisation_id, invitation_id);
      CREATE INDEX invitations_user_id_idx ON invitations (user_id);
      CREATE INDEX invitations_expiring_idx ON invitations (expires_at) WHERE status = 'pending';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE invitations');
  }
}
