/** Answers of the HTTP API, as far as the console reads them. The API reference at /docs describes them whole. */

export interface Page {
  next_cursor: string | null;
}

export type StaffStatus = 'invited' | 'active' | 'inactive' | 'deleted';

export interface StaffUser {
  user_id: string;
  user_name: string | null;
  user_email: string | null;
  status: StaffStatus;
  global_role: string | null;
  preferences: Record<string, unknown>;
  orgs: { org_id: string; org_name: string; role: string; status: StaffStatus }[];
  email_status?: MailState | null;
  created_at: string;
  updated_at: string;
  last_login_at: string | null;
}

export type MailState = 'waiting' | 'sent' | 'refused' | 'not-sent' | (string & {});

export interface Organisation {
  org_id: string;
  name: string;
  slug: string;
  created_at: string;
}

export interface Team {
  team_id: string;
  org_id: string;
  name: string;
  created_at: string;
}

export interface Project {
  project_id: string;
  org_id: string;
  team_id: string | null;
  name: string;
  slug: string;
  metadata: Record<string, unknown>;
  settings: Record<string, unknown>;
  created_at: string;
}

export interface Access {
  user_id: string;
  roles: { level: 'deployment' | 'organisation' | 'team' | 'project'; role: string; path: 'direct' | 'team' | 'organisation' | 'deployment' }[];
  permissions: string[];
}

export interface Session {
  session_id: string;
  device: string | null;
  user_agent: string | null;
  address: string | null;
  created_at: string;
  last_used_at: string;
  expires_at: string;
}

export type Scalar = string | number | boolean;

/** A user of a project, as its lists show them. */
export interface ProjectUser {
  id: string;
  firstName: string | null;
  lastName: string | null;
  username: string | null;
  email: string | null;
  mobilePhone: string | null;
  roles: string[];
  isActive: boolean;
  createdAt: string;
  modifiedAt: string;
  createdBy: string;
  modifiedBy: string;
  notes: string | null;
  attributes: Record<string, Scalar>;
}

export interface Invitation {
  invitation_id: string;
  user_id: string;
  user_email: string;
  role: string;
  org_id: string | null;
  team_id: string | null;
  project_id: string | null;
  status: 'pending' | 'accepted' | 'expired' | 'cancelled';
  email_status: MailState | null;
  invited_by: { type: string; id: string };
  created_at: string;
  expires_at: string;
  closed_at: string | null;
}

export interface Member {
  user_id: string;
  user_name: string | null;
  user_email: string | null;
  role: string;
  assigned_at: string;
  status?: StaffStatus;
}
