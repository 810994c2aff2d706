import { defineMessage } from '#libs/platform/messages';
import { getMailRequest, getMailResponse } from '../mail/mail.js';

/** What a mail of identity's says, to whom, at the moment of its delivery. */
export const getMail = defineMessage({ subject: 'identity.mail.get', request: getMailRequest, response: getMailResponse });
