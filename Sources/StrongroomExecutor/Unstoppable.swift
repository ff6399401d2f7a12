/// Sees work through although the run is being stopped: a run stops between steps, never inside one.
///
/// - Parameter work: What is to be seen through.
/// - Returns: What it gives.
/// - Throws: What it throws; never because the run was stopped.
func unstoppable<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    // Awaited right here, so the task has an owner; only cancellation does not reach it.
    try await Task { try await work() }.value
}
