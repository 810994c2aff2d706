import { Module } from '@nestjs/common';
import { DatabaseModule, type ServiceDatabase } from '#libs/platform/database';
import { EventsModule } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import { DataKeys } from '#libs/platform/keys';
import { UpkeepModule } from '#libs/platform/upkeep';
import { AuditMessages } from './audit/audit.messages.js';
import { FeedMessages } from './feed/feed.messages.js';
import { DeadRowsMessages } from './erasure/dead-rows.messages.js';
import { AuthenticateCredential } from './credentials/authenticate-credential.js';
import { CreateCredential } from './credentials/create-credential.js';
import { CredentialUse } from './credentials/credential-use.js';
import { CredentialsMessages } from './credentials/credentials.messages.js';
import { ListCredentials } from './credentials/list-credentials.js';
import { RevokeCredential } from './credentials/revoke-credential.js';
import { identityEntities } from './database/entities.js';
import { identityMigrations } from './database/migrations.js';
import { DeadLettersMessages } from './dead-letters/dead-letters.messages.js';
import { CountLoginRemains } from './erasure/count-login-remains.js';
import { EraseLogins } from './erasure/erase-logins.js';
import { ErasureMessages } from './erasure/erasure.messages.js';
import { HideLogins } from './erasure/hide-logins.js';
import { UserThrottleKeys } from './erasure/user-throttle-keys.js';
import { ActivateImports } from './importing/activate-imports.js';
import { ImportChunk } from './importing/import-chunk.js';
import { ImportCredentials } from './importing/import-credentials.js';
import { ImportedHashes } from './importing/imported-hashes.js';
import { ImportingMessages } from './importing/importing.messages.js';
import { ChangeLoginEmail } from './login/change-login-email.js';
import { EmailChangeNotices } from './login/email-change-notices.js';
import { ClaimLoginEmail } from './login/claim-login-email.js';
import { LogIn } from './login/log-in.js';
import { CompleteNewPassword } from './login/complete-new-password.js';
import { LoginReservations } from './login/login-reservations.js';
import { LoginStatePush } from './login/login-state-push.js';
import { LoginSteps } from './login/login-steps.js';
import { LoginMessages } from './login/login.messages.js';
import { SetPassword } from './login/set-password.js';
import { WriteEntry } from './login/write-entry.js';
import { WritePassword } from './login/write-password.js';
import { GetMail } from './mails/get-mail.js';
import { MailTokens } from './mails/mail-tokens.js';
import { MailsMessages } from './mails/mails.messages.js';
import { MailboxBound } from './mails/mailbox-bound.js';
import { OrderMail } from './mails/order-mail.js';
import { ListCursors } from './paging/list-cursors.js';
import { HashingFigures } from './passwords/hashing-figures.js';
import { HashingPool } from './passwords/hashing-pool.js';
import { NewPasswords } from './passwords/new-passwords.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { PasswordPolicy } from './passwords/password-policy.js';
import { ChangeLoginNames } from './registration/change-login-names.js';
import { CompleteRegistration } from './registration/complete-registration.js';
import { FinishRegistrations } from './registration/finish-registrations.js';
import { LoginRows } from './registration/login-rows.js';
import { RegisterUser } from './registration/register-user.js';
import { RegistrationMessages } from './registration/registration.messages.js';
import { SetUserStatus } from './registration/set-user-status.js';
import { WriteRegistrations } from './registration/write-registrations.js';
import { FindSdkKey } from './sdk-keys/find-sdk-key.js';
import { ListSdkKeys } from './sdk-keys/list-sdk-keys.js';
import { PutSdkKey } from './sdk-keys/put-sdk-key.js';
import { RemoveSdkKey } from './sdk-keys/remove-sdk-key.js';
import { SdkKeysMessages } from './sdk-keys/sdk-keys.messages.js';
import { TokenUsesMessages } from './sdk-keys/token-uses.messages.js';
import { ChangeOwnEmail } from './self-service/change-own-email.js';
import { ChangeOwnPassword } from './self-service/change-own-password.js';
import { ConfirmEmail } from './self-service/confirm-email.js';
import { OwnPasswordCheck } from './self-service/own-password-check.js';
import { PresentedTokens } from './self-service/presented-tokens.js';
import { RequestLink } from './self-service/request-link.js';
import { ResetPassword } from './self-service/reset-password.js';
import { SelfServiceMessages } from './self-service/self-service.messages.js';
import { EndListedSessions } from './sessions/end-listed-sessions.js';
import { EndSession } from './sessions/end-session.js';
import { EndSessionsOfRealm } from './sessions/end-sessions-of-realm.js';
import { ListSessions } from './sessions/list-sessions.js';
import { PollRevocations } from './sessions/poll-revocations.js';
import { RefreshSession } from './sessions/refresh-session.js';
import { SessionStarter } from './sessions/session-starter.js';
import { RealmSessionsMessages } from './sessions/realm-sessions.messages.js';
import { SessionsMessages } from './sessions/sessions.messages.js';
import { AdmitPerson } from './sso/admit-person.js';
import { BeginSso } from './sso/begin-sso.js';
import { CompleteSso } from './sso/complete-sso.js';
import { InspectSso } from './sso/inspect-sso.js';
import { PutSsoConnection } from './sso/put-sso-connection.js';
import { RedeemSsoCode } from './sso/redeem-sso-code.js';
import { RemoveSsoConnection } from './sso/remove-sso-connection.js';
import { SsoProviders } from './sso/sso-providers.js';
import { SsoMessages } from './sso/sso.messages.js';
import { StartSsoSession } from './sso/start-sso-session.js';
import { Enter } from './login/enter.js';
import { FigureMessages } from './figures/figure.messages.js';
import { LoginCounts } from './figures/login-counts.js';
import { KnownDevices } from './throttling/known-devices.js';
import { LoginThrottle } from './throttling/login-throttle.js';
import { RefusedLogins } from './throttling/refused-logins.js';
import { ThrottleKeys } from './throttling/throttle-keys.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { GrantClientToken } from './tokens/grant-client-token.js';
import { RotateSigningKeys } from './tokens/rotate-signing-keys.js';
import { SigningKeys } from './tokens/signing-keys.js';
import { TokensMessages } from './tokens/tokens.messages.js';
import { ResealSecrets } from './upkeep/reseal-secrets.js';
import { Sweep } from './upkeep/sweep.js';
import { UpkeepMessages } from './upkeep/upkeep.messages.js';
import { Upkeep } from './upkeep/upkeep.js';
import { ClearPlaces } from './closing/clear-places.js';
import { ClosePlace } from './closing/close-place.js';
import { ClosingMessages } from './closing/closing.messages.js';
import { ExportMessages } from './exporting/export.messages.js';
import { SuspendLogin } from './suspension/suspend-login.js';
import { SuspensionMessages } from './suspension/suspension.messages.js';

export const identityDatabase: ServiceDatabase = { service: 'identity', entities: identityEntities, migrations: identityMigrations };
const database = DatabaseModule.forService(identityDatabase);

/** Logins, passwords, sessions, signing keys and machine credentials. */
@Module({
  imports: [database, EventsModule.forService({ service: 'identity', database }), UpkeepModule.forService({ database })],
  providers: [
    DeadLettersMessages,
    SuspensionMessages,
    SuspendLogin,
    ...[DataKeys, ThrottleKeys, LoginThrottle, KnownDevices, HashingPool, HashingFigures, PasswordHasher, PasswordPolicy],
    ...[CredentialsMessages, CreateCredential, AuthenticateCredential, RevokeCredential, ListCredentials, CredentialUse, ListCursors],
    ...[SdkKeysMessages, PutSdkKey, ListSdkKeys, FindSdkKey, RemoveSdkKey, TokenUsesMessages],
    ...[TokensMessages, SigningKeys, RotateSigningKeys, AccessTokens, GrantClientToken],
    ...[SessionsMessages, SessionStarter, RefreshSession, EndSession, EndListedSessions, ListSessions, PollRevocations, RealmSessionsMessages, EndSessionsOfRealm],
    ...[LoginMessages, RefusedLogins, Enter, LogIn, LoginSteps, WriteEntry, CompleteNewPassword, SetPassword, WritePassword, ChangeLoginEmail, EmailChangeNotices, ClaimLoginEmail, LoginReservations, LoginStatePush],
    ...[SsoMessages, SsoProviders, PutSsoConnection, InspectSso, RemoveSsoConnection, BeginSso, CompleteSso, RedeemSsoCode, AdmitPerson, StartSsoSession],
    ...[RegistrationMessages, RegisterUser, CompleteRegistration, WriteRegistrations, FinishRegistrations, SetUserStatus, ChangeLoginNames, LoginRows],
    ...[ImportingMessages, ImportCredentials, ImportChunk, ImportedHashes, ActivateImports],
    ...[MailsMessages, GetMail, MailboxBound, OrderMail, MailTokens],
    ...[SelfServiceMessages, RequestLink, ResetPassword, ConfirmEmail, ChangeOwnPassword, ChangeOwnEmail, OwnPasswordCheck, PresentedTokens, NewPasswords],
    ...[ErasureMessages, HideLogins, EraseLogins, CountLoginRemains, UserThrottleKeys],
    ...[FigureMessages, LoginCounts],
    DeadRowsMessages,
    FeedMessages,
    AuditMessages, Idempotency,
    ExportMessages,
    ...[ClosingMessages, ClosePlace, ClearPlaces],
    ...[UpkeepMessages, Upkeep, Sweep, ResealSecrets],
  ],
})
export class IdentityModule {}
