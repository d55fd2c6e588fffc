import { Trans, useLingui } from '@lingui/react/macro';
import { createContext, type ReactNode, useContext } from 'react';
import { dayAt, isElsewhere, ownZone, timeAt, zoneInWords } from './zone.ts';

/** What is said above a list of times: that all are by the clock of one zone, or that others' zones stand beside them. */
const Above = createContext<{ zone?: string } | undefined>(undefined);

interface AtPlace {
  start: string;
  zone: string;
}

/** A list of times. That they are by another clock than the reader's is said once, or, where they are by several, beside each. */
export function Times({ of, children }: { of: readonly AtPlace[]; children: ReactNode }) {
  const { i18n } = useLingui();
  const [first] = of;
  const isOne = first !== undefined && of.every(({ zone }) => zone === first.zone);
  const elsewhere = isOne ? of.find(({ start, zone }) => isElsewhere(start, zone)) : undefined;
  return (
    <Above value={{ zone: elsewhere?.zone }}>
      {elsewhere && (
        <p className="text-sm text-quiet">
          <Trans>
            All times are by the clock of the practice ({zoneInWords(elsewhere.start, elsewhere.zone, i18n.locale)});
            your own shows others.
          </Trans>
        </p>
      )}
      {children}
    </Above>
  );
}

/** In a list: the zone of a time whose clock shows another time than the reader's, in words; undefined where that is said or not so. */
export function useZoneBeside(): (start: string, zone: string) => string | undefined {
  const { i18n } = useLingui();
  const above = useContext(Above);
  return (start, zone) =>
    above?.zone !== zone && isElsewhere(start, zone) ? zoneInWords(start, zone, i18n.locale) : undefined;
}

interface Props extends AtPlace {
  end?: string;
}

/** When something is, by the clock of the practice; by the reader's own as well, where that shows another time. */
export function When({ start, end, zone }: Props) {
  const { i18n } = useLingui();
  const isInList = useContext(Above) !== undefined;
  const beside = useZoneBeside()(start, zone);
  const own = ownZone();
  const span = (where: string) =>
    [start, ...(end ? [end] : [])].map((each) => timeAt(each, where, i18n.locale)).join(' – ');
  return (
    <span>
      <time dateTime={start}>
        {dayAt(start, zone, i18n.locale)}, {span(zone)}
      </time>
      {beside && isInList && ` (${beside})`}
      {beside && !isInList && (
        <span className="block text-sm text-quiet">
          <Trans>
            That is the practice’s time ({beside}). Your clock ({zoneInWords(start, own, i18n.locale)}) shows{' '}
            {dayAt(start, own, i18n.locale)}, {span(own)}.
          </Trans>
        </span>
      )}
    </span>
  );
}
