import { PeriodicTask } from '@cabinet/kit/periodic-task';
import type { Store } from '@cabinet/postgres/store';
import type { Controllers } from '@cabinet/service/http/controllers';
import type { ServiceBasis } from '@cabinet/service/service';
import { VisitLinksController } from './api/visit-links.controller.js';
import type { Config } from './config.js';
import { PostgresVisitActs } from './data/postgres-visit-acts.js';
import { SignedVisitLinks } from './data/signed-visit-links.js';
import { CarryOutActs } from './domain/links/carry-out-acts.js';
import { VisitLinks } from './domain/links/visit-links.js';
import type { Families, Neighbours } from './domain/neighbours.js';
import type { Ledger, PreferenceStore } from './domain/ports.js';

interface Parts {
  service: ServiceBasis;
  store: Store;
  config: Config;
  ledger: Ledger;
  neighbours: Neighbours;
  families: Families;
  preferences: PreferenceStore;
  /** Pause between two looks at what is due, in milliseconds. */
  lookEveryMs?: number;
}

/** What patients do by links in messages. */
export interface OpenedLinks {
  links: VisitLinks;
  controllers: Controllers;
}

export function openLinks(parts: Parts): OpenedLinks {
  const { service, store, config, ledger, neighbours, families, preferences } = parts;
  const { clock, log, closers } = service;
  const acts = new PostgresVisitActs(store.orm);
  const links = new VisitLinks({
    ...{
      tokens: new SignedVisitLinks(config.NOTIFICATION_SECRET),
      ledger,
      acts,
      neighbours,
      families,
      preferences,
      clock,
    },
    practice: { link: config.PUBLIC_URL, language: config.PRACTICE_LANGUAGE },
  });
  const carryOut = new CarryOutActs({
    ...{ acts, ledger, links, neighbours, clock },
    failed: (error, decisionId) => log.warn({ err: error, decisionId }, 'what was asked for by a link is not done'),
  });
  const doing = new PeriodicTask((stopping) => carryOut.run(stopping), {
    everyMs: parts.lookEveryMs ?? 2_000,
    pauseMsMax: 60_000,
    failed: (error) => log.warn({ err: error }, 'what was asked for by links was not looked at'),
  });
  void store.prepared.then(() => doing.start(0));
  closers.defer(() => doing.stop());
  const practice = {
    ...{ name: config.PRACTICE_NAME, phone: config.PRACTICE_PHONE, link: config.PUBLIC_URL },
    language: config.PRACTICE_LANGUAGE,
  };
  return { links, controllers: [[VisitLinksController, () => new VisitLinksController(links, practice)]] };
}
