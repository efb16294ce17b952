//! Making chat rooms: a name from the title, and an ending where that is taken.

use app::server::{MakeRooms, Pending, Visitor};
use realtime::Refusal;
use store::StoreError;
use store::rooms::name_from;

use crate::error::Problem;
use crate::notes::{Maker, Rate, as_refusal};
use crate::visitor::random;

/// How many rooms of one title are told apart by a number; the next ones get a
/// random ending.
const NUMBERED: u32 = 9;

impl Maker {
    /// Makes a chat room and returns its name.
    async fn make_room(&self, visitor: &Visitor, title: &str) -> Result<String, Problem> {
        // Nobody could keep order in the room of somebody who cannot come back.
        let owner = self.owner(visitor).ok_or(Problem::NotAllowed)?;
        self.check_rate(Rate::Rooms).await?;
        let numbers = (2..=NUMBERED).map(|number| number.to_string());
        let random = u32::from_le_bytes(random()?);
        let endings = std::iter::once(String::new())
            .chain(numbers)
            .chain(std::iter::once(format!("{random:08x}")));
        for ending in endings {
            let name = name_from(title, &ending);
            match store::rooms::create(&*self.database, &name, title, &owner).await {
                Ok(()) => return Ok(name),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Problem::Conflict)
    }
}

impl MakeRooms for Maker {
    fn make<'a>(
        &'a self,
        visitor: &'a Visitor,
        title: String,
    ) -> Pending<'a, Result<String, Refusal>> {
        Box::pin(async move {
            self.make_room(visitor, &title).await.map_err(|problem| {
                worker::console_error!("making a chat room: {problem:?}");
                as_refusal(&problem)
            })
        })
    }
}
