import { LoginDayRow } from '../figures/login-day.entity.js';
import type { Type } from '@nestjs/common';
import { auditEntities } from '#libs/platform/audit';
import { eventsEntities } from '#libs/platform/events';
import { idempotencyEntities } from '#libs/platform/idempotency';
import { ClosedPlaceRow } from '../closing/closed-place.entity.js';
import { dataKeysEntities } from '#libs/platform/keys';
import { upkeepEntities } from '#libs/platform/upkeep';
import { CredentialRow } from '../credentials/credential.entity.js';
import { Login } from '../login/login.entity.js';
import { MailThrottleRow } from '../mails/mail-throttle.entity.js';
import { OutgoingMail } from '../mails/outgoing-mail.entity.js';
import { LoginNameRow } from '../names/login-name.entity.js';
import { SdkKeyRow } from '../sdk-keys/sdk-key.entity.js';
import { TokenUseRow } from '../sdk-keys/token-use.entity.js';
import { RevocationRow } from '../sessions/revocation.entity.js';
import { Session } from '../sessions/session.entity.js';
import { SsoAttemptRow } from '../sso/sso-attempt.entity.js';
import { SsoCodeRow } from '../sso/sso-code.entity.js';
import { SsoConnectionRow } from '../sso/sso-connection.entity.js';
import { SsoLinkRow } from '../sso/sso-link.entity.js';
import { AddressThrottleRow } from '../throttling/address-throttle.entity.js';
import { LoginThrottleRow } from '../throttling/login-throttle.entity.js';
import { SigningKeyRow } from '../tokens/signing-key.entity.js';

export const identityEntities: readonly Type[] = [
  ...eventsEntities,
  ...dataKeysEntities,
  ...auditEntities,
  ...idempotencyEntities,
  ...upkeepEntities,
  Login,
  LoginNameRow,
  Session,
  RevocationRow,
  CredentialRow,
  SigningKeyRow,
  SdkKeyRow,
  TokenUseRow,
  LoginThrottleRow,
  AddressThrottleRow,
  OutgoingMail,
  MailThrottleRow,
  SsoConnectionRow,
  SsoAttemptRow,
  SsoLinkRow,
  SsoCodeRow,
  ClosedPlaceRow,
  LoginDayRow,
];
