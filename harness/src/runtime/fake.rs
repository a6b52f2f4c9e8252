//! A runtime for tests of the harness: what it does is written in the names it meets.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::{
    DefinitionId, Failure, InstanceId, MessageMatching, OutcomeClass, Reading, Runtime,
    RuntimeFactory, RuntimeInfo,
};
use crate::error::HarnessError;
use crate::value::Value;

pub(crate) struct Fake {
    info: RuntimeInfo,
    deadline: Option<Instant>,
    definitions: Vec<Vec<u8>>,
    instances: Vec<Vec<u8>>,
}

impl Fake {
    pub(crate) fn new() -> Self {
        let info = RuntimeInfo {
            name: "fake".into(),
            version: "1".into(),
            capabilities: Vec::new(),
            match_messages: MessageMatching::ClassOnly,
        };
        Fake {
            info,
            deadline: None,
            definitions: Vec::new(),
            instances: Vec::new(),
        }
    }

    pub(crate) fn that_matches_messages() -> Self {
        let mut fake = Fake::new();
        fake.info.match_messages = MessageMatching::Contains;
        fake
    }
}

fn says(wasm: &[u8], word: &str) -> bool {
    wasm.windows(word.len())
        .any(|window| window == word.as_bytes())
}

/// The outcome that a word stands for.
fn outcome(word: &str) -> Result<(), Failure> {
    let class = match word {
        "malformed!" => OutcomeClass::Malformed,
        "invalid!" => OutcomeClass::Invalid,
        "unlinkable!" => OutcomeClass::Unlinkable,
        "trap!" => OutcomeClass::Trap,
        "exception!" => OutcomeClass::Exception,
        "suspension!" => OutcomeClass::Suspension,
        "exhaustion!" => OutcomeClass::Exhaustion,
        "unsupported!" => OutcomeClass::Unsupported {
            feature: "gc".into(),
        },
        "usage!" => OutcomeClass::Usage,
        "crash!" => OutcomeClass::Crash,
        _ => return Ok(()),
    };
    Err(Failure {
        class,
        message: format!("said {word}"),
        rule: Some(format!("rule/{word}")),
    })
}

impl Runtime for Fake {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    fn reset(&mut self) -> Result<(), Failure> {
        self.definitions.clear();
        self.instances.clear();
        Ok(())
    }

    fn set_deadline(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    fn define(&mut self, wasm: &[u8]) -> Result<DefinitionId, Failure> {
        for word in ["malformed!", "invalid!", "unsupported!"] {
            if says(wasm, word) {
                outcome(word)?;
            }
        }
        self.definitions.push(wasm.to_vec());
        Ok(DefinitionId(self.definitions.len() as u32 - 1))
    }

    fn instantiate(&mut self, definition: DefinitionId) -> Result<InstanceId, Failure> {
        let wasm = self.definitions[definition.0 as usize].clone();
        for word in ["unlinkable!", "trap!"] {
            if says(&wasm, word) {
                outcome(word)?;
            }
        }
        self.instances.push(wasm);
        Ok(InstanceId(self.instances.len() as u32 - 1))
    }

    fn register(&mut self, name: &str, _: InstanceId) -> Result<(), Failure> {
        outcome(name)
    }

    fn invoke(
        &mut self,
        instance: InstanceId,
        export: &str,
        args: &[Value],
    ) -> Result<Vec<Value>, Failure> {
        outcome(export)?;
        match export {
            "panic!" => panic!("out of ideas"),
            "hang!" => {
                while self
                    .deadline
                    .is_none_or(|deadline| Instant::now() < deadline)
                {
                    thread::sleep(Duration::from_millis(1));
                }
                Err(Failure::new(OutcomeClass::Timeout, "interrupted"))
            }
            "stuck!" => {
                thread::sleep(Duration::from_secs(600));
                Ok(Vec::new())
            }
            "which" => Ok(vec![Value::U32(instance.0)]),
            _ => Ok(args.to_vec()),
        }
    }

    fn get(&mut self, _: InstanceId, global: &str) -> Result<Value, Failure> {
        Ok(Value::String(global.into()))
    }
}

/// Starts fakes, and counts them.
pub(crate) struct FakeFactory {
    info: RuntimeInfo,
    pub(crate) started: Mutex<usize>,
}

impl FakeFactory {
    pub(crate) fn new(name: &str) -> Self {
        let mut info = Fake::new().info;
        info.name = name.into();
        FakeFactory {
            info,
            started: Mutex::new(0),
        }
    }
}

impl RuntimeFactory for FakeFactory {
    fn info(&self) -> &RuntimeInfo {
        &self.info
    }

    fn start(&self, _: Reading) -> Result<Box<dyn Runtime>, HarnessError> {
        *self.started.lock().unwrap() += 1;
        Ok(Box::new(Fake::new()))
    }
}
