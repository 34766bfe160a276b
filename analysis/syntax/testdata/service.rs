//! A pool of connections behind a trait, as services are written.
#![warn(missing_docs)]

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::sync::{Arc, Mutex};

use crate::config::Config;
use crate::error::{Error, Result};

mod metrics;
pub(crate) mod wire;

/// What a connection can do.
pub trait Connection: Send + Sync + 'static {
    /// The error of this transport.
    type Error: Into<Error>;

    /// How many bytes fit into one frame.
    const FRAME: usize = 16 * 1024;

    /// Sends a frame.
    fn send(&mut self, frame: &[u8]) -> Result<(), Self::Error>;

    /// Receives a frame, if one is there.
    fn receive(&mut self) -> Result<Option<Vec<u8>>, Self::Error>;

    /// A new connection to the same peer.
    fn reopen(&self) -> Result<Self, Self::Error>
    where
        Self: Sized;
}

/// Makes connections.
pub trait Connector {
    /// The connections it makes.
    type Connection: Connection;

    /// Connects to `address`.
    async fn connect(&self, address: &str) -> Result<Self::Connection>;
}

/// A pool of connections.
#[derive(Clone)]
pub struct Pool<C: Connector> {
    connector: Arc<C>,
    idle: Arc<Mutex<HashMap<String, Vec<C::Connection>>>>,
    limits: Limits,
    on_close: Option<Arc<dyn Fn(&str) + Send + Sync>>,
}

/// How large a pool may grow.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections to one address.
    pub per_address: usize,
    /// Connections in all.
    pub total: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { per_address: 8, total: 64 }
    }
}

impl<C: Connector> Pool<C> {
    /// An empty pool.
    pub fn new(connector: C, config: &Config) -> Self {
        let limits = match config.limits() {
            Some(limits) => limits,
            None => Limits::default(),
        };
        Pool {
            connector: Arc::new(connector),
            idle: Arc::new(Mutex::new(HashMap::new())),
            limits,
            on_close: None,
        }
    }

    /// Calls `f` with the address of every connection that is closed.
    pub fn on_close(mut self, f: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_close = Some(Arc::new(f));
        self
    }

    /// A connection to `address`: an idle one, or a new one.
    pub async fn get(&self, address: &str) -> Result<C::Connection> {
        if let Some(connection) = self.take_idle(address) {
            metrics::REUSED.increment();
            return Ok(connection);
        }
        log::debug!("connecting to \"{address}\" ({} idle)", self.len());
        let connection = self.connector.connect(address).await?;
        Ok(connection)
    }

    /// Gives a connection back.
    pub fn put(&self, address: String, connection: C::Connection) {
        let mut idle = self.idle.lock().unwrap();
        let list = idle.entry(address).or_default();
        if list.len() < self.limits.per_address {
            list.push(connection);
        } else if let Some(f) = &self.on_close {
            f("too many");
        }
    }

    fn take_idle(&self, address: &str) -> Option<C::Connection> {
        self.idle.lock().unwrap().get_mut(address)?.pop()
    }

    fn len(&self) -> usize {
        self.idle.lock().unwrap().values().map(|list| list.len()).sum()
    }
}

impl<C: Connector> Display for Pool<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pool of {} (at most {})", self.len(), self.limits.total)
    }
}

/// Closes what is idle for too long.
pub fn sweep<C>(pool: &Pool<C>, keep: usize) -> usize
where
    C: Connector,
{
    let mut closed = 0;
    let mut idle = pool.idle.lock().unwrap();
    for (address, list) in idle.iter_mut() {
        while list.len() > keep {
            list.pop();
            closed += 1;
            if let Some(f) = &pool.on_close {
                f(address);
            }
        }
    }
    closed
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Dead;

    impl Connection for Dead {
        type Error = Error;

        fn send(&mut self, _: &[u8]) -> Result<()> {
            Err(Error::new("dead"))
        }

        fn receive(&mut self) -> Result<Option<Vec<u8>>> {
            Ok(None)
        }

        fn reopen(&self) -> Result<Self> {
            Ok(Dead)
        }
    }

    #[test]
    fn limits_have_defaults() {
        let limits = Limits::default();
        assert_eq!(limits.total, 64, "the default of {:?}", limits);
    }

    #[test]
    fn a_sweep_closes_what_is_idle() {
        fn helper() -> usize {
            const KEEP: usize = 2;
            KEEP
        }
        let text = r#"{ "keep": 2 }"#;
        assert!(text.contains('{'));
        assert_eq!(helper(), 2);
    }
}
