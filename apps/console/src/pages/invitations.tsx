import { PageHead } from '../components/page.js';

export function InvitationsPage() {
  return <PageHead title="InvitationsPage" />;
}
