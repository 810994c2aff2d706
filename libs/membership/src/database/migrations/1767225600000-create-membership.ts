import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Organisations, teams, projects, and who holds which role in them. */
export class CreateMembership1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE organisations (
        organisation_id uuid NOT NULL,
        slug text NOT NULL,
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_by text NOT NULL,
        CONSTRAINT organisations_pkey PRIMARY KEY (organisation_id),
        CONSTRAINT organisations_slug_key UNIQUE (slug),
        CONSTRAINT organisations_slug_check CHECK (slug ~ '^[a-z][a-z0-9-]{1,62}$' AND slug !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
      );

      CREATE TABLE teams (
        organisation_id uuid NOT NULL,
        team_id uuid NOT NULL,
        name text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_by text NOT NULL,
        CONSTRAINT teams_pkey PRIMARY KEY (organisation_id, team_id),
        CONSTRAINT teams_team_id_key UNIQUE (team_id),
        CONSTRAINT teams_organisation_id_name_key UNIQUE (organisation_id, name),
        CONSTRAINT teams_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations (organisation_id)
      );

      CREATE TABLE projects (
        project_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        team_id uuid,
        slug text NOT NULL,
        name text NOT NULL,
        metadata jsonb NOT NULL DEFAULT '{}',
        settings jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_by text NOT NULL,
        CONSTRAINT projects_pkey PRIMARY KEY (project_id),
        CONSTRAINT projects_slug_key UNIQUE (slug),
        CONSTRAINT projects_slug_check CHECK (slug ~ '^[a-z][a-z0-9-]{1,62}$' AND slug !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
        CONSTRAINT projects_metadata_check CHECK (jsonb_typeof(metadata) = 'object'),
        CONSTRAINT projects_settings_check CHECK (jsonb_typeof(settings) = 'object'),
        CONSTRAINT projects_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations (organisation_id),
        CONSTRAINT projects_team_fkey FOREIGN KEY (organisation_id, team_id) REFERENCES teams (organisation_id, team_id)
      );
      CREATE INDEX projects_organisation_id_team_id_idx ON projects (organisation_id, team_id);

      CREATE TABLE members (
        user_id uuid NOT NULL,
        access_version bigint NOT NULL DEFAULT 0,
        hidden_at timestamptz(3),
        erased_at timestamptz(3),
        CONSTRAINT members_pkey PRIMARY KEY (user_id),
        CONSTRAINT members_erased_check CHECK (erased_at IS NULL OR hidden_at IS NOT NULL)
      );

      CREATE TABLE deployment_members (
        user_id uuid NOT NULL,
        role text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        CONSTRAINT deployment_members_pkey PRIMARY KEY (user_id),
        CONSTRAINT deployment_members_role_check CHECK (role IN ('super_admin')),
        CONSTRAINT deployment_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES members (user_id)
      );

      CREATE TABLE organisation_members (
        organisation_id uuid NOT NULL,
        user_id uuid NOT NULL,
        role text NOT NULL,
        status text NOT NULL DEFAULT 'active',
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_by text NOT NULL,
        CONSTRAINT organisation_members_pkey PRIMARY KEY (organisation_id, user_id),
        CONSTRAINT organisation_members_role_check CHECK (role IN ('org_admin', 'member')),
        CONSTRAINT organisation_members_status_check CHECK (status IN ('invited', 'active', 'inactive')),
        CONSTRAINT organisation_members_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations (organisation_id),
        CONSTRAINT organisation_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES members (user_id)
      );
      CREATE INDEX organisation_members_user_id_idx ON organisation_members (user_id);

      CREATE TABLE team_members (
        organisation_id uuid NOT NULL,
        team_id uuid NOT NULL,
        user_id uuid NOT NULL,
        role text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        CONSTRAINT team_members_pkey PRIMARY KEY (organisation_id, team_id, user_id),
        CONSTRAINT team_members_role_check CHECK (role IN ('team_admin', 'team_member')),
        CONSTRAINT team_members_team_fkey FOREIGN KEY (organisation_id, team_id) REFERENCES teams (organisation_id, team_id),
        CONSTRAINT team_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES members (user_id)
      );
      CREATE INDEX team_members_user_id_idx ON team_members (user_id);

      CREATE TABLE project_members (
        project_id uuid NOT NULL,
        user_id uuid NOT NULL,
        role text NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        CONSTRAINT project_members_pkey PRIMARY KEY (project_id, user_id, role),
        CONSTRAINT project_members_role_check CHECK (role IN ('project_admin', 'editor', 'viewer')),
        CONSTRAINT project_members_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (project_id),
        CONSTRAINT project_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES members (user_id)
      );
      CREATE INDEX project_members_user_id_idx ON project_members (user_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE project_members, team_members, organisation_members, deployment_members, members, projects, teams, organisations');
  }
}
