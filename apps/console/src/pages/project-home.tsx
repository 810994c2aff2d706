import { PageHead } from '../components/page.js';

export function ProjectHomePage() {
  return <PageHead title="ProjectHomePage" />;
}
