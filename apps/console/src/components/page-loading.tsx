import { Skeleton } from '@mantine/core';

export function PageLoading() {
  return (
    <div aria-busy="true" aria-label="Loading">
      <Skeleton height={28} width="14rem" maw="60%" mb="lg" />
      <Skeleton height={44} mb="sm" />
      <Skeleton height={44} mb="sm" />
      <Skeleton height={44} />
    </div>
  );
}
