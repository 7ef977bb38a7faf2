//! The five programs of ../compare.ts in shuttle's exhaustive search and in loom: one JSON line for each, with the number
//! of runs and the seconds until every schedule was tried (or until CAP runs).
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

static RUNS: AtomicU64 = AtomicU64::new(0);
const CAP: usize = 1_000_000;

macro_rules! programs {
    ($name:ident, $lib:ident, $($channel:tt)*) => {
        mod $name {
            use $lib::sync::{atomic::{AtomicUsize, Ordering}, Arc, Mutex, RwLock};
            use $lib::thread;

            fn joined(handles: Vec<thread::JoinHandle<()>>) {
                for handle in handles {
                    handle.join().unwrap();
                }
            }

            pub fn one_lock() {
                let lock = Arc::new(Mutex::new(0));
                joined((0..3).map(|_| {
                    let lock = lock.clone();
                    thread::spawn(move || { *lock.lock().unwrap() += 1; })
                }).collect());
            }

            pub fn counters() {
                let counter = Arc::new(AtomicUsize::new(0));
                joined((0..2).map(|_| {
                    let counter = counter.clone();
                    thread::spawn(move || for _ in 0..3 { counter.fetch_add(1, Ordering::SeqCst); })
                }).collect());
            }

            pub fn channel() {
                let (sender, receiver) = $($channel)*;
                let producer = thread::spawn(move || for i in 0..3 { sender.send(i).unwrap(); });
                for i in 0..3 {
                    assert_eq!(receiver.recv().unwrap(), i);
                }
                producer.join().unwrap();
            }

            pub fn own_locks() {
                joined((0..3).map(|_| {
                    let lock = Arc::new(Mutex::new(0));
                    thread::spawn(move || for _ in 0..2 { *lock.lock().unwrap() += 1; })
                }).collect());
            }

            pub fn readers_writer() {
                let lock = Arc::new(RwLock::new(0));
                let readers = (0..2).map(|_| {
                    let lock = lock.clone();
                    thread::spawn(move || { let _ = *lock.read().unwrap(); })
                });
                let mut handles: Vec<_> = readers.collect();
                let writer = lock.clone();
                handles.push(thread::spawn(move || { *writer.write().unwrap() += 1; }));
                joined(handles);
            }
        }
    };
}

programs!(with_shuttle, shuttle, shuttle::sync::mpsc::sync_channel(3));
programs!(with_loom, loom, loom::sync::mpsc::channel());

fn report(tool: &str, name: &str, explore: impl FnOnce()) {
    RUNS.store(0, Ordering::Relaxed);
    let start = Instant::now();
    explore();
    let seconds = start.elapsed().as_secs_f64();
    let runs = RUNS.load(Ordering::Relaxed);
    println!(r#"{{"tool":"{tool}","program":"{name}","runs":{runs},"seconds":{seconds:.4},"complete":{}}}"#, (runs as usize) < CAP);
}

fn shuttle_dfs(name: &str, program: fn()) {
    report("shuttle 0.9.9", name, || {
        shuttle::check_dfs(move || { RUNS.fetch_add(1, Ordering::Relaxed); program() }, Some(CAP));
    });
}

fn loom_model(name: &str, program: fn()) {
    report("loom 0.7.2", name, || {
        let mut builder = loom::model::Builder::new();
        builder.max_permutations = Some(CAP);
        builder.check(move || { RUNS.fetch_add(1, Ordering::Relaxed); program() });
    });
}

fn main() {
    shuttle_dfs("three threads, one lock", with_shuttle::one_lock);
    shuttle_dfs("two threads, three increments each", with_shuttle::counters);
    shuttle_dfs("three values through a channel", with_shuttle::channel);
    shuttle_dfs("three threads, a lock each, twice", with_shuttle::own_locks);
    shuttle_dfs("two readers, one writer", with_shuttle::readers_writer);
    loom_model("three threads, one lock", with_loom::one_lock);
    loom_model("two threads, three increments each", with_loom::counters);
    loom_model("three values through a channel", with_loom::channel);
    loom_model("three threads, a lock each, twice", with_loom::own_locks);
    loom_model("two readers, one writer", with_loom::readers_writer);
}
