//! Files that break off, and imports that do.

use std::io::{self, Cursor, Read};

use domain::testing::a_fingerprint;
use import::{ImportFailure, ReadError};

use crate::shop::{Shop, file, row};

/// More than one batch.
const ROWS: usize = 1200;

fn rows(count: usize) -> String {
    (0..count).map(|number| row(&[("email", &format!("{number:04}@shop.example"))])).collect()
}

/// A file that cannot be read to its end.
struct Torn(io::Take<Cursor<String>>);

impl Read for Torn {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::Error::other("the disk is gone")),
            count => Ok(count),
        }
    }
}

#[tokio::test]
async fn a_file_that_is_cut_in_a_row_keeps_the_rows_before() {
    let whole = file(&rows(3));
    let shop = Shop::new().await;
    let third = whole.rfind("<lastName>").unwrap();
    let outcomes = shop.outcomes(&whole[..third]).await;
    let told: Vec<_> = outcomes
        .iter()
        .map(|told| (told.identifier.as_str(), told.result.as_ref().err().map(String::as_str)))
        .collect();
    let structure = "Convert exception: XML has invalid structure";
    let expected = [
        ("0000@shop.example", None),
        ("0001@shop.example", None),
        ("0001@shop.example", Some(structure)),
    ];
    assert_eq!(told, expected);
    let again = shop.outcomes(&whole).await;
    assert!(again[..2].iter().all(|told| told.result.is_err()) && again[2].result.is_ok());
    assert_eq!(shop.customers().await.len(), 3);
}

#[tokio::test]
async fn an_import_goes_on_where_it_was_cut_off() {
    let whole = file(&rows(ROWS));
    for share in [0, 1, 50, 99] {
        let shop = Shop::new().await;
        let (merchant, fingerprint) = (shop.merchant.id, a_fingerprint());
        let mut import = shop.imports.begin(merchant, fingerprint).await.unwrap();
        let cut = (whole.len() * share / 100).max(40) as u64;
        let torn = Torn(Cursor::new(whole.clone()).take(cut));
        let (first, end) = shop.import(torn, Some(&mut import)).await;
        assert!(matches!(end, Err(ImportFailure::Read(ReadError::Io(_)))), "{end:?}");
        assert_eq!(import.processed, first.len() as u64);
        assert!(first.len() < ROWS && (share < 50 || !first.is_empty()));
        // Another process asks how far the file has come.
        let mut import = shop.imports.begin(merchant, fingerprint).await.unwrap();
        let (rest, end) = shop.import(Cursor::new(whole.clone()), Some(&mut import)).await;
        end.unwrap();
        let numbers: Vec<_> = first.iter().chain(&rest).map(|told| told.row).collect();
        assert_eq!(numbers, (1..=ROWS as u64).collect::<Vec<_>>());
        assert!(first.iter().chain(&rest).all(|told| told.result.is_ok()));
        assert_eq!((import.processed, import.stored), (ROWS as u64, ROWS as u64));
        assert!(import.finished_at.is_some());
        let customers = shop.customers().await;
        assert_eq!(customers.len(), ROWS);
        let emails = customers.iter().map(|customer| customer.email.as_ref().unwrap().as_str());
        assert!(emails.is_sorted(), "in the order of the file");
    }
}

#[tokio::test]
async fn a_finished_import_brings_nobody_again() {
    let (shop, whole) = (Shop::new().await, file(&rows(3)));
    let fingerprint = a_fingerprint();
    for expected in [3, 0] {
        let mut import = shop.imports.begin(shop.merchant.id, fingerprint).await.unwrap();
        let (outcomes, end) = shop.import(Cursor::new(whole.clone()), Some(&mut import)).await;
        end.unwrap();
        assert_eq!(outcomes.len(), expected);
    }
    assert_eq!(shop.customers().await.len(), 3);
}
