using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Limits.ManyNodes;

/// <summary>
/// The promise of the rate over several nodes: whatever comes late, twice or never, whoever crashes and however the ledger's clock is set back,
/// no window admits more than the rate.
/// </summary>
public abstract class SharedRateContract : IAsyncLifetime
{
    private const int Nodes = 3;
    private Func<Task> _closeAsync = null!;
    private IRateLedger _ledger = null!;

    protected SharedRateContract()
    {
        LedgerClock = new SharedRateMachine.Clock(Time);
    }

    private protected FakeTime Time { get; } = new();

    private protected SharedRateMachine.Clock LedgerClock { get; }

    /// <summary>How many random runs there are at small counts.</summary>
    protected abstract int Runs { get; }

    private enum Act
    {
        Request,
        Burst,
        Ask,
        Send,
        Deliver,
        Hear,
        GiveUp,
        DeliverLate,
        GiveBack,
        Return,
        Crash,
        StepBack,
        Wait,
        WaitLong,
        WaitUntilFree,
    }

    public async Task InitializeAsync() => (_ledger, _closeAsync) = await OpenAsync();

    public Task DisposeAsync() => _closeAsync();

    private protected abstract Task<Opened<IRateLedger>> OpenAsync();

    [Fact]
    public Task NoWindow_AdmitsMoreThanTheRate_HoweverMessagesAndClocksGo() => Properties.HoldsAsync(
        from rate in Gen.Elements(1, 2, 5, 30, 200)
        from seconds in Gen.Elements(0.5, 1, 7, 60)
        from steps in Steps.ListOf().ScaleSize(static size => size * 4)
        select (rate, seconds, steps: steps.ToArray()),
        Runs,
        run => RunAsync(run.rate, run.seconds, run.steps),
        static run => Properties.Shorter(run.steps).Select(steps => (run.rate, run.seconds, steps)));

    [Theory]
    [InlineData(40, 2, 3)]
    [InlineData(1000, 10, 3)]
    [InlineData(1, 1, 1)]
    public async Task FreshWindow_AdmitsTheFullRate_FromOneNode(int rate, double seconds, int nodes)
    {
        var machine = NewMachine(rate, seconds, nodes);
        for (var i = 0; i < rate * 2; i++)
        {
            await machine.AskAsync(0);
        }

        Assert.Equal(rate, machine.Admitted);
        machine.Check();
    }

    [Fact]
    public async Task KeyAtItsLimit_CostsNothing_UntilTheNextPermitIsFree()
    {
        var machine = NewMachine(50, 10, Nodes);
        for (var i = 0; i < 200; i++)
        {
            await machine.AskAsync(i % Nodes);
        }

        var calls = machine.Calls;
        for (var i = 0; i < 3000; i++)
        {
            await machine.AskAsync(i % Nodes);
        }

        Assert.Equal((50, calls), (machine.Admitted, machine.Calls));
    }

    [Fact]
    public async Task WhatIsGivenBack_IsFree_AtOnceOrWithTheNextCall()
    {
        var machine = NewMachine(20, 60, 1);
        for (var i = 0; i < 100; i++)
        {
            await machine.AskAsync(0);
            machine.GiveBack(0);
        }

        Assert.Equal(0, machine.Admitted);
        for (var i = 0; i < 100; i++)
        {
            await machine.AskAsync(0);
        }

        Assert.Equal(20, machine.Admitted);
    }

    private static Gen<Step> Steps =>
        from act in Gen.Frequency(
            (14, Gen.Constant(Act.Request)), (4, Gen.Constant(Act.Burst)), (10, Gen.Constant(Act.Ask)), (8, Gen.Constant(Act.Send)), (8, Gen.Constant(Act.Deliver)),
            (8, Gen.Constant(Act.Hear)), (2, Gen.Constant(Act.GiveUp)), (2, Gen.Constant(Act.DeliverLate)), (3, Gen.Constant(Act.GiveBack)), (2, Gen.Constant(Act.Return)),
            (1, Gen.Constant(Act.Crash)), (1, Gen.Constant(Act.StepBack)), (12, Gen.Constant(Act.Wait)), (1, Gen.Constant(Act.WaitLong)), (8, Gen.Constant(Act.WaitUntilFree)))
        from node in Gen.Choose(0, Nodes - 1)
        from number in Gen.Choose(1, 100)
        select new Step(act, node, number);

    private SharedRateMachine NewMachine(int rate, double seconds, int nodes) => new(_ledger, Time, LedgerClock, rate, TimeSpan.FromSeconds(seconds), nodes);

    private async Task RunAsync(int rate, double seconds, Step[] steps)
    {
        var machine = NewMachine(rate, seconds, Nodes);
        foreach (var step in steps)
        {
            await DoAsync(machine, step, seconds);
        }

        machine.Check();
    }

    private async Task DoAsync(SharedRateMachine machine, Step step, double seconds)
    {
        switch (step.Act)
        {
            case Act.Request:
                machine.Request(step.Node);
                break;
            case Act.Burst:
                for (var i = 0; i < step.Number; i++)
                {
                    machine.Request(step.Node);
                }

                break;
            case Act.Ask:
                await machine.AskAsync(step.Node);
                break;
            case Act.Send:
                machine.Send(step.Node);
                break;
            case Act.Deliver:
                await machine.DeliverAsync(step.Node);
                break;
            case Act.Hear or Act.GiveUp:
                machine.Hear(step.Node, answered: step.Act == Act.Hear);
                break;
            case Act.DeliverLate:
                await machine.DeliverLateAsync(step.Number);
                break;
            case Act.GiveBack:
                machine.GiveBack(step.Number);
                break;
            case Act.Return:
                machine.Return(step.Node);
                break;
            case Act.Crash:
                machine.Crash(step.Node);
                break;
            case Act.StepBack:
                machine.StepBack(TimeSpan.FromSeconds(seconds * step.Number / 50));
                break;
            case Act.WaitUntilFree:
                // When a permit is about to leave the window is when one too many could be admitted.
                machine.WaitUntilFree(TimeSpan.FromSeconds(seconds * (step.Number - 60) / 2000));
                for (var node = 0; node < Nodes; node++)
                {
                    await machine.AskAsync(node);
                }

                break;
            default:
                // From a fraction of a bucket to a few of them, or a good part of a window.
                Time.Advance(TimeSpan.FromSeconds(seconds * step.Number * (step.Act == Act.Wait ? 0.0007 : 0.012)));
                break;
        }
    }

    private sealed record Step(Act Act, int Node, int Number)
    {
        public override string ToString() => $"{Act} {Node}/{Number}";
    }
}

public sealed class ModelSharedRateTests : SharedRateContract
{
    protected override int Runs => 1500;

    private protected override Task<Opened<IRateLedger>> OpenAsync() =>
        Task.FromResult(new Opened<IRateLedger>(new ModelLedger(LedgerClock.GetUtcNow), static () => Task.CompletedTask));
}
