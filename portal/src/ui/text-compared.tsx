import { Trans } from '@lingui/react/macro';
import { compareWords } from './compare-words.ts';

/** A text, with what was put in and taken out marked in it: by a line and a word to those who hear it, never by colour alone. */
export const TextCompared = ({ before, after }: { before: string; after: string }) => (
  <p className="whitespace-pre-wrap">
    {compareWords(before, after).map(({ is, text }, nth) => {
      // biome-ignore-start lint/suspicious/noArrayIndexKey: stretches have no name but their place.
      if (is === 'same') return <span key={nth}>{text}</span>;
      if (is === 'added')
        return (
          <ins key={nth} className="bg-good-paper text-good decoration-2">
            <span className="sr-only">
              <Trans>(put in:)</Trans>{' '}
            </span>
            {text}
          </ins>
        );
      return (
        <del key={nth} className="bg-bad-paper text-bad">
          <span className="sr-only">
            <Trans>(taken out:)</Trans>{' '}
          </span>
          {text}
        </del>
      );
      // biome-ignore-end lint/suspicious/noArrayIndexKey: as above
    })}
  </p>
);
