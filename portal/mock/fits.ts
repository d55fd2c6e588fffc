const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Whether each of the words begins a word of one of the texts, whatever their accents. */
export const fits = (words: string, ...texts: string[]): boolean =>
  plain(words)
    .split(/\s+/)
    .every((word) =>
      texts.some((text) =>
        plain(text)
          .split(/[\s-]+/)
          .some((part) => part.startsWith(word)),
      ),
    );
