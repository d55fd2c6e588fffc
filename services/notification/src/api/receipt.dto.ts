export interface ReceiptAddressResponse {
  provider: 'twilio' | 'ovhcloud' | 'mail';
  /** To be entered at the provider, or given to what hands the reports of mail servers on. */
  url: string;
}

export interface ReceiptAddressList {
  items: ReceiptAddressResponse[];
}
