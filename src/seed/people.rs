//! The people of the demo market: who acts for a company, and where its goods are delivered.

use super::draw::Draw;
use serde_json::{Value, json};

/// Who trades for a company.
#[derive(Debug, Clone)]
pub struct Clerk {
    /// The user.
    pub user: u128,
    /// Name.
    pub name: String,
}

/// A company that trades.
#[derive(Debug, Clone)]
pub struct Trader {
    /// Identity.
    pub id: u128,
    /// Name.
    pub name: String,
    /// Registration number.
    pub registration: String,
    /// Two capital letters.
    pub country: String,
    /// Where it sits.
    pub city: String,
    /// Who acts for it.
    pub clerk: Clerk,
}

/// Given and family names, dialling code, street and postcode of a country.
struct Land {
    country: &'static str,
    given: &'static [&'static str],
    family: &'static [&'static str],
    dial: &'static str,
    street: &'static str,
    postcode: &'static str,
}

const fn land(
    country: &'static str,
    given: &'static [&'static str],
    family: &'static [&'static str],
    dial: &'static str,
    street: &'static str,
    postcode: &'static str,
) -> Land {
    Land { country, given, family, dial, street, postcode }
}

/// The last one stands for every country that is not named.
const LANDS: &[Land] = &[
    land(
        "CN",
        &["Wei", "Yulan", "Jun", "Meiqi", "Hao", "Xin", "Lihua", "Tao"],
        &["Chen", "Zhou", "Lin", "Xu", "Gao", "Huang"],
        "86",
        "66 Binhai Road",
        "312000",
    ),
    land("VN", &["Minh", "Thao", "Quan"], &["Nguyen", "Tran", "Le"], "84", "18 Le Loi", "700000"),
    land("TR", &["Elif", "Kerem"], &["Yilmaz", "Aydin"], "90", "Sanayi Caddesi 24", "20010"),
    land("IN", &["Asha", "Rohan"], &["Iyer", "Mehta"], "91", "9 Mill Road", "641001"),
    land("DE", &["Jonas", "Katrin"], &["Vogel", "Petersen"], "49", "Am Sandtorkai 12", "20457"),
    land("US", &["Dana"], &["Whitaker"], "1", "1450 Commerce Street", "43215"),
    land("GB", &["Harriet"], &["Lowell"], "44", "7 Canal Wharf", "LS11 5PS"),
    land("AE", &["Samir"], &["Haddad"], "971", "Warehouse 14, Al Quoz 3", "00000"),
    land("BR", &["Camila"], &["Duarte"], "55", "Rua do Porto 210", "01001-000"),
    land("AU", &["Imogen"], &["Farrell"], "61", "32 Dock Lane", "3008"),
    land("FR", &["Margaux"], &["Perrin"], "33", "18 quai du Commerce", "69009"),
    land("JP", &["Haruka"], &["Morita"], "81", "3-8-1 Nankokita", "559-0034"),
    land("NG", &["Chidi"], &["Okafor"], "234", "5 Wharf Road", "102273"),
    land("MX", &["Lucia"], &["Barrera"], "52", "Av. Industrial 480", "64000"),
    land("CA", &["Owen"], &["Tremblay"], "1", "88 Terminal Avenue", "V6A 4C4"),
    land("SG", &["Jia Hui"], &["Tan"], "65", "21 Tuas Avenue", "638764"),
    land("", &["Alex"], &["Martin"], "1", "12 Harbour Road", "00000"),
];

fn land_of(country: &str) -> Option<&'static Land> {
    LANDS.iter().find(|l| l.country == country).or(LANDS.last())
}

fn drawn(draw: Draw, purpose: &str, n: u64, names: &[&'static str]) -> &'static str {
    let bound = u64::try_from(names.len()).unwrap_or(1);
    usize::try_from(draw.below(purpose, n, bound)).ok().and_then(|at| names.get(at)).copied().unwrap_or("Alex")
}

/// Draws the name of the `n`-th company's clerk.
pub fn name(draw: Draw, n: u64, country: &str) -> String {
    let Some(land) = land_of(country) else { return String::new() };
    format!("{} {}", drawn(draw, "given", n, land.given), drawn(draw, "family", n, land.family))
}

impl Trader {
    /// An address that the company's register number keeps apart from all others.
    pub fn email(&self, desk: &str) -> String {
        let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let word = self.name.split_whitespace().map(plain).find(|w| w.len() > 2).unwrap_or_default();
        format!("{desk}@{word}-{}.example", plain(&self.registration))
    }

    /// The clerk as a contract names them.
    pub fn contact(&self) -> Value {
        let dial = land_of(&self.country).map_or("1", |l| l.dial);
        json!({ "name": self.clerk.name, "email": self.email("trade"), "phone": format!("+{dial} 555 0100") })
    }

    /// Where the company takes goods in.
    pub fn address(&self) -> Value {
        let (street, postcode) = land_of(&self.country).map_or(("", ""), |l| (l.street, l.postcode));
        json!({
            "name": self.name, "street": street, "city": self.city, "region": "", "postcode": postcode, "country": self.country,
        })
    }
}
