//! The ways that an evaluation takes: by message, by shared memory, by stream.

use std::collections::HashSet;

use crate::caller::{Attempt, CallOptions};
use crate::client::Client;
use crate::error::Error;
use crate::evaluation::Evaluation;
use crate::limits::{self, BATCH, LARGE, Size, WORTH_ASKING};
use crate::result::EvaluationResult;
use crate::{request, stream, v1};

const EVALUATE: &str = "/rectifier.v1.ActivationService/Evaluate";

impl Client {
    /// Evaluates one activation.
    ///
    /// Tensors of more than 1 MiB go through shared memory where the server offers it. Else those of
    /// more than 4 MiB go through a stream, so that they may be larger than a message. The bits are
    /// the same in all ways.
    ///
    /// # Errors
    ///
    /// [`Error::Call`]; [`Error::Argument`], before anything is sent, for what the server would
    /// refuse.
    pub async fn evaluate(&self, evaluation: &Evaluation<'_>) -> Result<EvaluationResult, Error> {
        let evaluations = std::slice::from_ref(evaluation);
        let size = Size::of(evaluations);
        if size.largest() > WORTH_ASKING && !evaluation.uses_shared_arrays() {
            return self.begun().evaluate_large(evaluation, &size).await;
        }
        let mut results = self.evaluate_by_message(evaluations).await?;
        Ok(results.swap_remove(0))
    }

    /// Evaluates several at once, all or none of them. Results stand in the order of the
    /// evaluations. A tensor that several of them use is sent once, but for a batch of more than 64
    /// MiB, or more than the server takes in one message, which goes evaluation by evaluation.
    ///
    /// # Errors
    ///
    /// As [`Client::evaluate`].
    pub async fn evaluate_batch(
        &self,
        evaluations: &[Evaluation<'_>],
    ) -> Result<Vec<EvaluationResult>, Error> {
        let size = Size::of(evaluations);
        if size.largest() <= WORTH_ASKING {
            return self.evaluate_by_message(evaluations).await;
        }
        let begun = self.begun();
        let limits = begun.known_info().await?.limits.unwrap_or_default();
        if evaluations.len() > 1 && size.largest() <= BATCH && size.fits(evaluations, &limits) {
            limits::check_counts(evaluations, &limits)?;
            return begun.evaluate_by_message(evaluations).await;
        }
        begun.evaluate_one_by_one(evaluations).await
    }

    async fn evaluate_one_by_one(
        &self,
        evaluations: &[Evaluation<'_>],
    ) -> Result<Vec<EvaluationResult>, Error> {
        let mut results = Vec::with_capacity(evaluations.len());
        for (i, evaluation) in evaluations.iter().enumerate() {
            let result = self.evaluate(evaluation).await;
            results.push(result.map_err(|error| error.of_evaluation(i))?);
        }
        Ok(results)
    }

    async fn evaluate_by_message(
        &self,
        evaluations: &[Evaluation<'_>],
    ) -> Result<Vec<EvaluationResult>, Error> {
        let request = request::batch(evaluations)?;
        let once = evaluations.iter().any(Evaluation::is_in_place);
        let client = if once { self.without_retries() } else { self.clone() };
        let reply: v1::EvaluateResponse = client.unary(EVALUATE, request).await?;
        if reply.results.len() != evaluations.len() {
            let (given, asked) = (reply.results.len(), evaluations.len());
            let text = format!("{given} results for {asked} evaluations");
            return Err(Error::bad_reply(self.target(), text));
        }
        let results = reply.results.into_iter().map(EvaluationResult::from_message);
        results.collect::<Result<_, _>>().map_err(|error| Error::bad_reply(self.target(), error))
    }

    /// The same client, whose calls have one attempt: in place, a second one would take the results of
    /// the first for inputs.
    fn without_retries(&self) -> Self {
        let options = CallOptions { may_repeat: false, ..self.options.clone() };
        Self { shared: self.shared.clone(), options }
    }

    /// The same client, for several calls that have one timeout together.
    fn begun(&self) -> Self {
        Self { shared: self.shared.clone(), options: self.options.begun() }
    }

    /// By the way that suits its size and the server.
    async fn evaluate_large(
        &self,
        evaluation: &Evaluation<'_>,
        size: &Size,
    ) -> Result<EvaluationResult, Error> {
        let evaluations = std::slice::from_ref(evaluation);
        let info = self.known_info().await?;
        let limits = info.limits.unwrap_or_default();
        let fits = size.fits(evaluations, &limits);
        #[cfg(target_os = "linux")]
        if let Some(result) = self.evaluate_in_shared_memory(evaluation, info).await? {
            return Ok(result);
        }
        if size.largest() > LARGE || !fits {
            stream::check(evaluation)?;
            match self.evaluate_by_stream(evaluation, &limits).await {
                // A message may hold what belongs together.
                Err(error) if fits && error.reason() == "ROWS_TOO_LONG" => {}
                result => return result,
            }
        }
        limits::check_counts(evaluations, &limits)?;
        Ok(self.evaluate_by_message(evaluations).await?.swap_remove(0))
    }

    async fn evaluate_by_stream(
        &self,
        evaluation: &Evaluation<'_>,
        limits: &v1::Limits,
    ) -> Result<EvaluationResult, Error> {
        limits::check_stream(evaluation, limits)?;
        let header = request::header(evaluation)?;
        let attempt = |attempt| stream::evaluate(attempt, evaluation, header.clone());
        self.shared.caller.call(&self.options, attempt).await
    }

    /// `None` where that is not possible, at least now.
    #[cfg(target_os = "linux")]
    async fn evaluate_in_shared_memory(
        &self,
        evaluation: &Evaluation<'_>,
        info: &v1::GetServerInfoResponse,
    ) -> Result<Option<EvaluationResult>, Error> {
        let memory = &self.shared.memory;
        if !memory.is_offered(info) {
            return Ok(None);
        }
        let value_bytes = self.value_bytes(evaluation).await;
        let staging = memory.stage(evaluation, value_bytes, info);
        let Some(staged) = self.shared.caller.in_time(&self.options, staging).await? else {
            return Ok(None);
        };
        let request = request::batch(&[staged.evaluation(evaluation)])?;
        let mut attempts = 0;
        let attempt = |attempt: Attempt| {
            attempts += 1;
            attempt.unary(EVALUATE, request.clone())
        };
        let reply = self.shared.caller.call(&self.options, attempt).await;
        let mut reply: v1::EvaluateResponse = match reply {
            Err(error) if error.reason() == "UNKNOWN_SHARED_BUFFER" => {
                memory.forget(); // the server is another one
                return Ok(None);
            }
            // The value is not as large as was expected.
            Err(error) if is_about_destinations(&error) => return Ok(None),
            reply => reply?,
        };
        let mut result = reply.results.pop().unwrap_or_default();
        staged.fill(&mut result, attempts);
        let result = EvaluationResult::from_message(result);
        result.map(Some).map_err(|error| Error::bad_reply(self.target(), error))
    }

    /// The size of the value, where it is known beforehand.
    #[cfg(target_os = "linux")]
    async fn value_bytes(&self, evaluation: &Evaluation<'_>) -> Option<usize> {
        if let Some(upstream) = &evaluation.upstream {
            return Some(upstream.as_bytes().len());
        }
        let catalogue = || async {
            let activations = self.list_activations().await?.into_iter();
            let elementwise = activations.filter(|a| a.kind() == v1::ActivationKind::Elementwise);
            let names = elementwise.flat_map(|a| std::iter::once(a.name).chain(a.aliases));
            Ok::<HashSet<String>, Error>(names.collect())
        };
        let elementwise = self.shared.elementwise.get_or_try_init(catalogue).await.ok()?;
        let name = evaluation.activation.rsplit('.').next()?;
        elementwise.contains(name).then(|| evaluation.inputs[0].as_bytes().len())
    }
}

#[cfg(target_os = "linux")]
fn is_about_destinations(error: &Error) -> bool {
    let fields = error.violations();
    fields.iter().any(|violation| violation.field.starts_with("evaluations[0].destinations"))
}
