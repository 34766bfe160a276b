//! What README.md shows: an async trait, used as `dyn`.

mod channel;

use channel::Channel;

pub struct Notifier {
    pub channels: Vec<Box<dyn Channel>>,
}
