import { Plural, Trans } from '@lingui/react/macro';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Failure } from './failure.tsx';
import { Notice } from './notice.tsx';

/** Seconds after which data that could not be read anew is called old. */
const staleSeconds = 30;

interface Props<T> {
  of: Pick<UseQueryResult<T>, 'data' | 'error' | 'dataUpdatedAt' | 'isPending' | 'isFetching'> & {
    refetch: () => unknown;
  };
  /** Names what is loaded, for those who hear the page. */
  label: string;
  /** True of an answer with nothing in it. */
  isNone?: (data: T) => boolean;
  /** What is said then: that there is none, and what one can do. */
  none?: ReactNode;
  children: (data: T) => ReactNode;
}

/**
 * What others have to tell, in one of four states that cannot be mistaken for one another: it is loading; there is none; it
 * failed; or it is there, with its age when it could not be read anew. An empty list is never shown for the other three.
 */
export function Remote<T>({ of, label, isNone, none, children }: Props<T>) {
  const { data, error, dataUpdatedAt, isFetching, refetch } = of;
  if (data === undefined) return error ? <Failure error={error} onRetry={refetch} /> : <Loading label={label} />;
  return (
    <>
      {error && !isFetching && <Stale since={dataUpdatedAt} error={error} onRetry={refetch} />}
      {isNone?.(data) ? (
        <div className="rounded-card border border-dashed border-edge p-6 text-quiet">{none}</div>
      ) : (
        children(data)
      )}
    </>
  );
}

export const Loading = ({ label }: { label: string }) => (
  <div role="status" className="grid gap-3">
    <span className="sr-only">
      <Trans>Loading: {label}</Trans>
    </span>
    {['w-2/3', 'w-full', 'w-5/6'].map((width) => (
      <span key={width} aria-hidden="true" className={`h-6 ${width} animate-pulse rounded-field bg-line`} />
    ))}
  </div>
);

function Stale({ since, error, onRetry }: { since: number; error: unknown; onRetry: () => void }) {
  const seconds = useAge(since);
  if (seconds < staleSeconds) return null;
  const minutes = Math.round(seconds / 60);
  return (
    <details className="mb-3">
      <summary className="cursor-pointer">
        <Notice look="warn" role="status">
          <p>
            {minutes < 1 ? (
              <Trans>This is less than a minute old; it cannot be read anew.</Trans>
            ) : (
              <Plural
                value={minutes}
                one="This is # minute old; it cannot be read anew."
                other="This is # minutes old; it cannot be read anew."
              />
            )}
          </p>
        </Notice>
      </summary>
      <Failure error={error} onRetry={onRetry} role="status" />
    </details>
  );
}

function useAge(since: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, []);
  return (now - since) / 1_000;
}
