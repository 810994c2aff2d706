import { Link } from '@tanstack/react-router';
import { Empty } from './empty.js';

export function NotFound() {
  return (
    <main>
      <Empty icon="search" title="There is no such page">
        <p>
          The address may be misspelt. <Link to="/">Go to the first page</Link>
        </p>
      </Empty>
    </main>
  );
}
