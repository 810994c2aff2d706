import type { Schemas } from '../api.data.js';
import { Session, secondsLeft, type SessionOptions, type SessionWire } from './session.js';

type StaffTokens = Schemas['AdminAuthRefreshAnswer'];
type StaffLogin = Schemas['AdminAuthLogInAnswer'];
type UserTokens = Schemas['ProjectLoginNewPasswordAnswer'];
type UserLogin = Schemas['ProjectLoginLogInAnswer'];

export type StaffSession = Session<StaffTokens, Schemas['AdminAuthLogInBody'], StaffLogin>;
export type UserSession = Session<UserTokens, Schemas['ProjectLoginLogInBody'], UserLogin>;

const staffWire: SessionWire<StaffTokens, StaffLogin> = {
  base: () => '/v1/auth',
  baseName: '/v1/auth',
  refreshField: 'refresh_token',
  read: ({ access_token, refresh_token, expires_in }) => ({ accessToken: access_token, refreshToken: refresh_token, seconds: expires_in }),
  isTokens: (answer): answer is StaffLogin & StaffTokens => 'access_token' in answer,
};

const userWire: SessionWire<UserTokens, UserLogin> = {
  base: (project) => {
    if (project === undefined) throw new TypeError('Users log in to a project: name it with createClient({ project }).');
    return `/${encodeURIComponent(project)}/users`;
  },
  baseName: '/{project}/users',
  refreshField: 'refresh',
  read: ({ access_token, refresh, expires_at }) => ({ accessToken: access_token, refreshToken: refresh, seconds: secondsLeft(access_token, expires_at) }),
  isTokens: (answer): answer is UserLogin & UserTokens => 'access_token' in answer,
};

/** Staff: `auth.login({ email, password })`. Opens the admin surface, and the project surface where their roles reach. */
export function staffSession(options?: SessionOptions): StaffSession {
  return new Session(staffWire, options);
}

/** Users of the client's `project`: `auth.login({ username, password })`. */
export function userSession(options?: SessionOptions): UserSession {
  return new Session(userWire, options);
}
