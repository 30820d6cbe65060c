/** The shapes of the HTTP contract, made from the server's document (`npm run api`), with the shorter names screens use. */

export type * from './schema.gen';
export type {
  CompanyCard as CompanyRef,
  CompanyView as Company,
  FileCard as FileRef,
  JournalView as Journal,
  MarketView as Market,
  MessageView as Message,
  OrderActions as Actions,
  OrderShipment as ShipmentView,
  OrderStage as StageView,
  PriceBreak as Rung,
  ProductView as Product,
  SeatView as Seat,
  StepReceipt as Receipt,
} from './schema.gen';
