//! One thread's hold on a stage behind the border.

use std::sync::Arc;

use isnad_core::{Article, Batch, Context, Document, Grants, Names, Segment, Stage, StageId, Worker};

use crate::abi::{self, Call, Rc, Str, slice};
use crate::given::Given;
use crate::guard::{Stop, discard, enter};
use crate::host::Caller;
use crate::lent;
use crate::stage::own_stage;

/// What the pointer of a worker leads to.
struct OwnWorker {
    /// Borrows from `stage`, which is therefore dropped behind it.
    worker: Box<dyn Worker + 'static>,
    id: StageId,
    grants: Grants,
    /// The copies of the documents that are lent, in memory that stays from batch to batch.
    batch: Batch,
    /// Documents of larger batches.
    spare: Vec<Document>,
    segments: Vec<Segment>,
    given: Given,
    _stage: Arc<dyn Stage>,
}

/// # Safety
/// As the header says of `open`.
pub(crate) unsafe extern "C" fn open(
    stage: *mut abi::Stage,
    call: *mut Call,
    names: *const abi::Names,
    out: *mut *mut abi::Worker,
) -> Rc {
    let body = |_: &Caller| {
        // SAFETY: the host passes a stage that `create` made and that was not destroyed.
        let (Some(own), false) = (unsafe { own_stage(stage) }, out.is_null()) else {
            return Err(Stop::failed("the host gives no stage, or no place for its worker"));
        };
        // SAFETY: the host lends the names until this call returns.
        let (names, id) = unsafe { names_of(names) }?;
        let grants = Grants::of(&own.contract, &names);
        let stage = own.stage.clone();
        let worker: Box<dyn Worker + '_> = stage.open(&names)?;
        // SAFETY: the worker borrows from what `stage` holds. That does not move, and lives as long as the worker,
        // since both go into one struct, which drops the worker first.
        let worker =
            unsafe { std::mem::transmute::<Box<dyn Worker + '_>, Box<dyn Worker + 'static>>(worker) };
        let made = Box::new(OwnWorker {
            worker,
            id,
            grants,
            batch: Batch::default(),
            spare: Vec::new(),
            segments: Vec::new(),
            given: Given::default(),
            _stage: stage,
        });
        // SAFETY: the host gives a place for one pointer.
        unsafe { out.write(Box::into_raw(made).cast()) };
        Ok(())
    };
    // SAFETY: the host passes the call that is under way.
    unsafe { enter(call, body) }
}

/// # Safety
/// As the header says of `process`.
pub(crate) unsafe extern "C" fn process(
    worker: *mut abi::Worker,
    call: *mut Call,
    documents: *const abi::Document,
    n: usize,
) -> Rc {
    let body = |caller: &Caller| {
        // SAFETY: the host passes a worker of ours, which is in no other call.
        let own = unsafe { own_worker(worker) }?;
        own.make_room(n);
        for (index, document) in own.batch.documents_mut().iter_mut().enumerate() {
            // SAFETY: the host lends `n` documents until this call returns.
            unsafe { lent::copy(documents, index, &mut own.segments, document) }?;
        }
        own.process(caller)
    };
    // SAFETY: the host passes the call that is under way.
    unsafe { enter(call, body) }
}

/// # Safety
/// As the header says of `finish`.
pub(crate) unsafe extern "C" fn finish(worker: *mut abi::Worker, call: *mut Call) -> Rc {
    // SAFETY: the host passes a worker of ours, which is in no other call.
    let body = |_: &Caller| Ok(unsafe { own_worker(worker) }?.worker.finish()?);
    // SAFETY: the host passes the call that is under way.
    unsafe { enter(call, body) }
}

/// # Safety
/// As the header says of `close`.
pub(crate) unsafe extern "C" fn close(worker: *mut abi::Worker) {
    if !worker.is_null() {
        // SAFETY: `open` made it with `Box::into_raw`, and the host closes it once.
        discard("a worker", unsafe { Box::from_raw(worker.cast::<OwnWorker>()) });
    }
}

impl OwnWorker {
    /// Makes the batch one of `n` documents.
    fn make_room(&mut self, n: usize) {
        let documents = self.batch.documents_mut();
        self.spare.extend(documents.drain(n.min(documents.len())..));
        while documents.len() < n {
            documents.push(self.spare.pop().unwrap_or_else(|| Document::new(Article::default())));
        }
    }

    /// Has the author's worker process the batch, and hands over what it did.
    fn process(&mut self, caller: &Caller) -> Result<(), Stop> {
        let n = self.batch.documents().len();
        let is_cancelled = || caller.is_cancelled();
        let cx = Context::asking(self.id, &self.grants, &is_cancelled);
        self.worker.process(&mut self.batch, &cx)?;
        if self.batch.documents().len() != n {
            let left = self.batch.documents().len();
            let message = format!(
                "left {left} documents of the {n} in a batch; drop documents with `drop_for` instead"
            );
            return Err(Stop::Failed(message));
        }
        for (index, document) in (0..).zip(self.batch.documents()) {
            self.given.hand_over(caller, index, document)?;
        }
        let mut chunk = self.batch.take_chunk(self.id);
        if !chunk.is_empty() {
            caller.write(&chunk).map_err(|_| Stop::failed("the host takes no output of this stage"))?;
            chunk.clear();
            self.batch.set_chunk(self.id, chunk);
        }
        Ok(())
    }
}

/// The worker behind a pointer that came over the border.
///
/// # Safety
/// `worker` is null or came from [`open`], was not closed, and is in no other call.
unsafe fn own_worker<'w>(worker: *mut abi::Worker) -> Result<&'w mut OwnWorker, Stop> {
    // SAFETY: it leads to an `OwnWorker` that nobody else uses now, as the caller says.
    unsafe { worker.cast::<OwnWorker>().as_mut() }.ok_or_else(|| Stop::failed("the host gives no worker"))
}

/// The names of the plan, and the number of the stage.
///
/// # Safety
/// `names` is null or lent, with all it points to, until this function has returned.
unsafe fn names_of(names: *const abi::Names) -> Result<(Arc<Names>, StageId), Stop> {
    let wrong = || Stop::failed("the host lends names that this library does not understand");
    if names.is_null() || !names.is_aligned() {
        return Err(wrong());
    }
    // SAFETY: it is not null and aligned, and names begin with their size.
    let size = unsafe { (&raw const (*names).size).read() };
    if (size as usize) < size_of::<abi::Names>() {
        return Err(wrong());
    }
    // SAFETY: it is aligned and at least this long.
    let names = unsafe { names.read() };
    // SAFETY: as the caller says; this goes for all arrays and texts of the names.
    let versions = unsafe { slice(names.versions, names.n_layers as usize) };
    // SAFETY: as above.
    let layers = unsafe { texts(names.layers, names.n_layers) }.ok_or_else(wrong)?;
    // SAFETY: as above.
    let symbols = unsafe { texts(names.symbols, names.n_symbols) }.ok_or_else(wrong)?;
    // SAFETY: as above.
    let stages = unsafe { texts(names.stages, names.n_stages) }.ok_or_else(wrong)?;
    // Where the host does not say which of them this stage is, it takes a number that no row bears.
    let stage = if names.stage == abi::END { names.n_stages } else { names.stage };
    let id = StageId(u16::try_from(stage).map_err(|_| wrong())?);
    if versions.len() != layers.len() || stage > names.n_stages {
        return Err(wrong());
    }
    Ok((Arc::new(Names::of(layers.into_iter().zip(versions.iter().copied()), symbols, stages)), id))
}

/// # Safety
/// `n` texts are lent at `texts`.
unsafe fn texts(texts: *const Str, n: u32) -> Option<Vec<String>> {
    // SAFETY: as the caller says.
    let texts = unsafe { slice(texts, n as usize) };
    // SAFETY: as the caller says.
    let owned: Option<Vec<String>> =
        texts.iter().map(|text| unsafe { text.text() }.map(str::to_owned)).collect();
    // Numbers of names are 16 bits long.
    owned.filter(|owned| owned.len() == n as usize && n <= u32::from(u16::MAX))
}
