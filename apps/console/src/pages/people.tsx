import { PageHead } from '../components/page.js';

export function PeoplePage() {
  return <PageHead title="PeoplePage" />;
}
