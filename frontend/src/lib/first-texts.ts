/** The texts that the first pages say: signing in or up, the frame of the screens, the catalogue; and that the server cannot be
 * reached, for which no text could be fetched then. */
export const FIRST =
  /^(common|shell|nav|role|market|products|signIn|signUp|field|category|preferences|verify\.notice|palette\.title|product|own\.title|compare\.(add|clear|full|open|title|tray)|state|problem\.(network|unknown))\b/;
