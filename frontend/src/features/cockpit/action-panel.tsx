import { Button, Collapse, Switch } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useLeave, useOwner } from '../../api/kept-state';
import type { Actions, ActionView, OrderView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { drop, keep, kept } from '../../lib/kept';
import { JournalTable } from '../../ui/journal';
import { Moment } from '../../ui/moment';
import { Panel } from '../../ui/page';
import { useProblemText } from '../../ui/problem';
import { RuleText, StepDialog } from './step-dialog';
import { nextAction, WRITTEN } from './steps';
import { useStepName } from './use-step-name';

/** The next action as one button, what else is allowed below it, and the refused ones with their reason folded away. */
export function ActionPanel({ order, actions }: { order: OrderView; actions: Actions }) {
  const { t } = useTranslation();
  const stepName = useStepName();
  const navigate = useNavigate();
  const { say } = useProblemText();
  const owner = useOwner();
  const place = `chosen/${order.id}`;
  // The dialog that stood open before a reload, or before the session ran out, if its step can still be taken.
  const [chosen, setChosen] = useState<ActionView | null>(() => {
    const before = kept<{ step: string; part: number | null }>(owner, place);
    const same = (action: ActionView) =>
      action.step === before?.step && (action.part ?? null) === before.part;
    return actions.actions.find((action) => action.allowed && same(action)) ?? null;
  });
  const choose = (action: ActionView | null) => {
    setChosen(action);
    if (action) keep(owner, place, { step: action.step, part: action.part ?? null });
    else drop(owner, place);
  };
  const [open, setOpen] = useState(false);
  const [explain, setExplain] = useState(false);
  const [done, setDone] = useState('');
  const next = nextAction(actions.actions);
  const others = actions.actions.filter((action) => action !== next);
  const allowed = others.filter((action) => action.allowed);
  // What only the clock or the carrier does is worth reading in explain mode alone.
  const byOthers = (action: ActionView) =>
    action.rule.who.every((name) => name === 'system' || name === 'carrier');
  const refused = others.filter((action) => !action.allowed && (explain || !byOthers(action)));
  const reason = (action: ActionView) => {
    const { who } = action.rule;
    if (who.length > 0 && byOthers(action))
      return t('cockpit.byOthers', { who: who.map((name) => t(`role.${name}`)).join(', ') });
    return action.refusal ? say(action.refusal) : t('cockpit.notNow');
  };
  useLeave(() => drop(owner, place));
  const take = (action: ActionView) =>
    WRITTEN.includes(action.step)
      ? void navigate({ to: '/orders/$id/terms', params: { id: order.id } })
      : choose(action);
  return (
    <Panel
      title={t('cockpit.next')}
      aside={
        <Switch
          size="xs"
          label={t('explain.toggle')}
          checked={explain}
          onChange={(e) => setExplain(e.currentTarget.checked)}
        />
      }
    >
      {next ? (
        <>
          <Button
            data-testid="next-action"
            classNames={{ root: 'next-action', label: 'next-action-label' }}
            size="md"
            fullWidth
            onClick={() => take(next)}
          >
            {stepName(next.step, next.part)}
          </Button>
          {next.deadline ? (
            <p className="tight">
              <span className="dim">{t('cockpit.until')}</span> <Moment at={next.deadline} away />
            </p>
          ) : null}
          {explain ? (
            <>
              <RuleText action={next} />
              <JournalTable journals={next.journal} />
            </>
          ) : null}
        </>
      ) : (
        <p className="tight dim">{t('cockpit.waiting')}</p>
      )}
      <div role="status" className={done ? 'receipt' : 'visually-hidden'}>
        {done}
      </div>
      {allowed.length > 0 ? (
        <section aria-label={t('cockpit.also')}>
          {next ? <h3 className="also">{t('cockpit.also')}</h3> : null}
          <ul className="actions">
            {allowed.map((action) => (
              <li key={`${action.step}-${action.part}`}>
                <Button size="xs" variant="default" onClick={() => take(action)}>
                  {stepName(action.step, action.part)}
                </Button>
                {explain ? <RuleText action={action} /> : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {refused.length > 0 ? (
        <>
          <Button variant="subtle" size="xs" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('cockpit.refused', { count: refused.length })}
          </Button>
          <Collapse expanded={open} keepMounted={false}>
            <ul className="actions">
              {refused.map((action) => (
                <li key={`${action.step}-${action.part}`}>
                  <span className="strong dim">{stepName(action.step, action.part)}</span>
                  <span className="reason">{reason(action)}</span>
                  {explain ? <RuleText action={action} /> : null}
                </li>
              ))}
            </ul>
          </Collapse>
        </>
      ) : null}
      {chosen ? (
        <StepDialog
          action={chosen}
          order={order}
          version={actions.version}
          explain={explain}
          onClose={() => choose(null)}
          onDone={setDone}
        />
      ) : null}
    </Panel>
  );
}
