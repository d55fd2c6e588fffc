import { Trans } from '@lingui/react/macro';
import { Button } from './button.tsx';
import { useShortcut } from './shortcut.ts';

interface Props {
  /** Who is to come in; nothing when nobody is. */
  next?: string;
  size?: 'desk' | 'large';
  look?: 'main' | 'plain';
  onOpen: (patientId: string) => void;
}

/** Opens the chart of the next patient, by Alt, Shift and N too. */
export function NextPatient({ next, size, look, onOpen }: Props) {
  const open = () => next && onOpen(next);
  useShortcut('KeyN', open);
  return (
    <Button size={size} look={look} disabled={!next} aria-keyshortcuts="Alt+Shift+N" onClick={open}>
      <Trans>Next patient</Trans> <kbd className="hidden rounded border px-1 text-xs tablet:inline">Alt+Shift+N</kbd>
    </Button>
  );
}
