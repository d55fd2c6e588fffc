import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { UnreachableAddress } from '../api/types.ts';
import { UnreachableClear } from '../forms/unreachable-clear.tsx';
import { formatIn } from '../time/zone.ts';
import { unreachableNames, unreachableReasons } from '../words/messages.ts';

interface Props {
  address: UnreachableAddress;
  /** Whose it is, where not all on the page are of the same. */
  whose?: ReactNode;
}

/** An address that is of no use, without the address: that stands in the details of the patient. */
export function UnreachableLine({ address, whose }: Props) {
  const { i18n } = useLingui();
  const { channel, why, text, since } = address;
  const when = formatIn(i18n.locale, { dateStyle: 'long' }).format(new Date(since));
  const name = i18n._(unreachableNames[channel]);
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="grid min-w-60 flex-1 gap-1">
        <p>
          {whose && <span className="font-semibold">{whose} · </span>}
          <span className="font-semibold">{name}</span> ·{' '}
          <Trans>
            since <time dateTime={since}>{when}</time>
          </Trans>
        </p>
        <p>{i18n._(unreachableReasons[why])}</p>
        <p className="break-words text-sm text-quiet">{text}</p>
      </div>
      <UnreachableClear address={address} name={name} />
    </div>
  );
}
