import { Button, Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import type { ActionView, OrderView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { JournalTable, MoneyEffect } from '../../ui/journal';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';
import { StepForm } from './step-form';
import { complete, ENDING, firstParams, type Params, stepOf } from './steps';
import { useStepName } from './use-step-name';

interface Props {
  action: ActionView;
  order: OrderView;
  version: number;
  explain: boolean;
  onClose: () => void;
  onDone: (text: string) => void;
}

/** Shows what a step will do to the money before it is taken. */
export function StepDialog({ action, order, version, explain, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const stepName = useStepName();
  const { sayField } = useProblemText();
  const place = `${order.id}/${action.step}/${action.part ?? 0}`;
  const first = () => ({ params: firstParams(action, order) });
  const [{ params: typed }, put, forget] = useKept<{ params: Params }>(`params/${place}`, first);
  // What an acceptance refers to is read, not typed: it is always the offer on the table.
  const params = action.step === 'order.accept' ? first().params : typed;
  const name = stepName(action.step, action.part);
  const send = useIntent(
    `step/${place}`,
    (asked: Params, key: string) =>
      call('post', '/orders/{order}/transitions', {
        path: { order: order.id },
        body: { ...stepOf(action, asked), expected_version: version },
        key,
      }),
    {
      invalidates: [['order', order.id], ['orders'], ['wallet']],
      onSuccess: (receipt) => {
        forget(first());
        onDone(t(receipt.already ? 'step.already' : 'step.done', { step: name }));
        onClose();
      },
    },
  );
  // The journal of exactly these parameters: paying by card costs another fee than by bank transfer.
  const [settled] = useDebouncedValue(params, 300);
  const judged = action.journal.length > 0 || action.step === 'amendment.propose';
  const preview = useQuery({
    queryKey: ['order', order.id, 'preview', version, action.step, settled],
    queryFn: () =>
      call('post', '/orders/{order}/previews', {
        path: { order: order.id },
        body: stepOf(action, settled),
      }),
    enabled: judged && complete(action.step, settled),
    retry: false,
  });
  const close = () => {
    forget(first());
    onClose();
  };
  const journals = preview.data?.journal ?? action.journal;
  const fault = send.error ?? (complete(action.step, params) ? preview.error : null);
  const fields = fault instanceof ApiProblem ? fault.fields : [];
  const wrong = (field: string) => {
    const found = fields.find((f) => f.pointer === `/${field}` || f.pointer.startsWith(`/params/${field}`));
    return found ? sayField(found) : undefined;
  };
  return (
    <Modal
      opened
      onClose={close}
      size={action.step === 'amendment.propose' ? 'xl' : 'lg'}
      title={<strong>{name}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate(params);
        }}
      >
        <StepForm
          step={action.step}
          params={params}
          order={order}
          onParams={(changed) => put({ params: changed })}
          wrong={wrong}
        />
        <section aria-label={t('step.effect')} className="stack small">
          <h3>{t('step.effect')}</h3>
          <MoneyEffect journals={journals} />
          {explain && journals.length > 0 ? <JournalTable journals={journals} /> : null}
        </section>
        {explain ? <RuleText action={action} /> : null}
        <Unconfirmed shown={send.unconfirmed} />
        <ProblemAlert fault={fault} />
        <div className="row end">
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            type="submit"
            data-testid="confirm-step"
            color={ENDING.includes(action.step) ? 'red' : undefined}
            loading={send.isPending}
            disabled={!complete(action.step, params)}
          >
            {name}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

export function RuleText({ action }: { action: ActionView }) {
  const { t } = useTranslation();
  return (
    <dl className="facts left rule-text">
      <dt>{t('explain.rule')}</dt>
      <dd>
        {t(`guard.${action.step}`, { defaultValue: action.rule.text })}{' '}
        <code className="dim">{action.rule.spec}</code>
      </dd>
      {action.rule.deadline ? (
        <>
          <dt>{t('explain.when')}</dt>
          <dd>{t(`when.${action.step}`, { defaultValue: action.rule.deadline })}</dd>
        </>
      ) : null}
      <dt>{t('explain.who')}</dt>
      <dd>{action.rule.who.map((who) => t(`role.${who}`, { defaultValue: who })).join(', ')}</dd>
    </dl>
  );
}
