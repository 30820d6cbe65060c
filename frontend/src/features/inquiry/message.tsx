import type { InquiryMessage, InquiryView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { FileList } from '../../ui/choose-files';
import { Moment } from '../../ui/moment';

/** One message: text is text, whatever it looks like. */
export function MessageItem({ message, inquiry }: { message: InquiryMessage; inquiry: InquiryView }) {
  const { t } = useTranslation();
  const own = message.by === inquiry.side;
  const company = message.by === 'buyer' ? inquiry.buyer.name : inquiry.seller.name;
  return (
    <li className={own ? 'said own' : 'said'} data-testid="message">
      <span className="small dim">
        <strong>{[message.user, company].filter(Boolean).join(', ')}</strong> · <Moment at={message.at} />
      </span>
      <p className="said-text">
        {message.parts.map((part, at) =>
          part.hidden ? (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a message never changes
              key={at}
              role="img"
              className="hidden-contact"
              title={t('inquiry.hidden.why', { kind: t(`inquiry.hidden.${part.hidden}`) })}
              aria-label={t('inquiry.hidden.why', { kind: t(`inquiry.hidden.${part.hidden}`) })}
            >
              {part.text}
            </span>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: a message never changes
            <span key={at}>{part.text}</span>
          ),
        )}
      </p>
      {message.files.length > 0 ? <FileList files={message.files} folder="inquiry-files" /> : null}
      {message.hidden_from_other ? <p className="tight small dim">{t('inquiry.hiddenFromOther')}</p> : null}
      {message.warnings.length > 0 ? (
        <p className="strip warn" role="note" data-testid="payment-warning">
          <strong>{t('inquiry.warning')}</strong>{' '}
          {message.warnings.map((hint) => t(`inquiry.warning.${hint}`)).join(' ')}
        </p>
      ) : null}
    </li>
  );
}
