import { PageHead } from '../components/page.js';

export function UserPage() {
  return <PageHead title="UserPage" />;
}
