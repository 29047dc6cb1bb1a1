//! A file to import: everybody says everything that a row can say, in some 700 bytes.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// What the addresses of a pair's customers begin with, and nobody else's.
pub(super) fn prefix(pair: u32) -> String {
    format!("import{pair}.")
}

/// Writes a file of so many rows.
pub(super) fn write(path: &Path, pair: u32, rows: u32) -> io::Result<()> {
    const FIRST: [&str; 8] = ["Anna", "Piotr", "Maria", "Jan", "Zofia", "Tomasz", "Ewa", "Adam"];
    const LAST: [&str; 8] = [
        "Kowalska",
        "Nowak",
        "Wiśniewska",
        "Wójcik",
        "Kamińska",
        "Lewandowski",
        "Zielińska",
        "Woźniak",
    ];
    const CITIES: [&str; 5] = ["Warszawa", "Kraków", "Łódź", "Wrocław", "Poznań"];
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<customers>")?;
    let prefix = prefix(pair);
    for number in 0..rows {
        let at = |step: u32, many: usize| (number / step) as usize % many;
        let (first, last, city) = (FIRST[at(1, 8)], LAST[at(8, 8)], CITIES[at(3, 5)]);
        let (day, month, year) = (number % 28 + 1, number / 28 % 12 + 1, 1940 + number % 65);
        write!(
            file,
            "  <customer>\n    <email>{prefix}{number}@example.com</email>\n    <firstName>{first}</firstName>\n    \
             <lastName>{last}</lastName>\n    <active>true</active>\n    \
             <birthDate>{year}-{month:02}-{day:02}</birthDate>\n    <agreement1>true</agreement1>\n    \
             <agreement2>{}</agreement2>\n    <agreement3>false</agreement3>\n    <gender>female</gender>\n    \
             <loyaltyCardNumber>7{pair:02}{number:09}</loyaltyCardNumber>\n    <phone>+48{pair:02}{number:09}</phone>\n    \
             <address>\n      <street>Długa</street>\n      <address1>{}</address1>\n      \
             <postal>{:02}-{:03}</postal>\n      <city>{city}</city>\n      <country>PL</country>\n    </address>\n    \
             <labels><label><key>source</key><value>import</value></label></labels>\n  </customer>\n",
            number % 3 == 0,
            number % 200 + 1,
            number % 100,
            number / 100 % 1000,
        )?;
    }
    writeln!(file, "</customers>")?;
    file.flush()
}
