import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { MessageTemplateText } from '../api/types.ts';
import { TextCompared } from './text-compared.tsx';

const parts = ['subject', 'text', 'short'] as const;

/** In what a text of a message differs from another, word by word; parts that are the same are left out. */
export function TemplateCompared({ before, after }: { before: MessageTemplateText; after: MessageTemplateText }) {
  const names: Record<(typeof parts)[number], ReactNode> = {
    subject: <Trans>Subject</Trans>,
    text: <Trans>Text of the mail</Trans>,
    short: <Trans>Short text, for SMS and push</Trans>,
  };
  const changed = parts.filter((part) => before[part] !== after[part]);
  if (changed.length === 0)
    return (
      <p className="text-quiet">
        <Trans>Nothing changes.</Trans>
      </p>
    );
  return (
    <>
      {changed.map((part) => (
        <div key={part} className="grid gap-1">
          <p className="text-sm text-quiet">{names[part]}</p>
          <TextCompared before={before[part]} after={after[part]} />
        </div>
      ))}
    </>
  );
}
