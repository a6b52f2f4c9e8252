use std::{path::Path, time::Instant};
fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let started = Instant::now();
    let run = assize_reports::reader::read(Path::new(&arguments[1])).unwrap();
    let read = started.elapsed();
    let site = assize_reports::site::write(&run, Path::new(&arguments[2])).unwrap();
    println!("read {read:?}, all {:?}: {site:?}", started.elapsed());
}
