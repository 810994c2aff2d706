import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roles that projects define themselves. A role that somebody holds can't go: the foreign key on `custom_role` keeps it. */
export class CreateProjectRoles1767225600030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE project_roles (
        project_id uuid NOT NULL,
        role text NOT NULL,
        permissions text[] NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        modified_at timestamptz(3) NOT NULL DEFAULT now(),
        modified_by text NOT NULL,
        CONSTRAINT project_roles_pkey PRIMARY KEY (project_id, role),
        CONSTRAINT project_roles_role_check CHECK (role ~ '^[a-z][a-z0-9_-]{0,62}$' AND role NOT IN ('project_admin', 'editor', 'viewer')),
        CONSTRAINT project_roles_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE
      )`);
    await runner.query(`
      ALTER TABLE project_members
        ADD COLUMN custom_role text,
        ADD COLUMN at_home boolean NOT NULL DEFAULT false,
        DROP CONSTRAINT project_members_role_check,
        ADD CONSTRAINT project_members_role_check CHECK ((role IN ('project_admin', 'editor', 'viewer')) = (custom_role IS NULL) AND coalesce(custom_role, role) = role),
        ADD CONSTRAINT project_members_custom_role_fkey FOREIGN KEY (project_id, custom_role) REFERENCES project_roles (project_id, role)`);
    await runner.query('CREATE INDEX project_members_custom_role_idx ON project_members (project_id, custom_role) WHERE custom_role IS NOT NULL');
    // Staff are few among a project's own users: their list must not read those.
    await runner.query('CREATE INDEX project_members_staff_idx ON project_members (project_id) WHERE NOT at_home');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM project_members WHERE custom_role IS NOT NULL');
    await runner.query(`
      ALTER TABLE project_members
        DROP CONSTRAINT project_members_role_check,
        DROP COLUMN custom_role,
        DROP COLUMN at_home,
        ADD CONSTRAINT project_members_role_check CHECK (role IN ('project_admin', 'editor', 'viewer'))`);
    await runner.query('DROP TABLE project_roles');
  }
}
