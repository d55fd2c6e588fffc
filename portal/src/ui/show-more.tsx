import { Trans } from '@lingui/react/macro';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Failure } from './failure.tsx';

interface Props {
  of: Pick<
    UseInfiniteQueryResult,
    'hasNextPage' | 'fetchNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'error'
  >;
  /** By default "Show more". */
  children?: ReactNode;
}

/** Behind a list: its next page, as long as there is one. */
export function ShowMore({ of, children = <Trans>Show more</Trans> }: Props) {
  if (!of.hasNextPage) return null;
  if (of.isFetchNextPageError) return <Failure error={of.error} onRetry={() => of.fetchNextPage()} />;
  return (
    <div>
      <Button onClick={() => of.fetchNextPage()} isBusy={of.isFetchingNextPage}>
        {children}
      </Button>
    </div>
  );
}
