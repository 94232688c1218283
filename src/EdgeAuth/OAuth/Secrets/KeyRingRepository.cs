using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace EdgeAuth.OAuth.Secrets;

/// <summary>Keeps Data Protection's key ring in the store, each element wrapped. Reading is from memory: the ring is loaded before the host serves.</summary>
internal sealed class KeyRingRepository(IRecordStore store, WrappingKeys wrapping) : IXmlRepository
{
    private const string Index = "ring";
    private const int MostElements = 1000;

    private ImmutableList<XElement> _elements = [];

    public IReadOnlyCollection<XElement> GetAllElements() => [.. _elements.Select(static element => new XElement(element))];

    /// <summary>Blocks, as Data Protection's contract asks. A new key is made at start and every few weeks, never for a request.</summary>
    public void StoreElement(XElement element, string friendlyName)
    {
        var write = new RecordWrite(
            new RecordId(RecordKind.KeyRing, TokenText.Hex()),
            wrapping.Wrap(Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting))))
        {
            Index = [new IndexEntry(Index, 0)],
        };
        store.PutAsync(write, PutCondition.Any, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        ImmutableInterlocked.Update(ref _elements, static (elements, added) => elements.Add(added), element);
    }

    /// <summary>Reads the ring. An element that no key opens is a <see cref="StoreStartupException"/>.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var page = await store.ListAsync(RecordKind.KeyRing, Index, 0, MostElements, cancellationToken);
        var records = await store.GetManyAsync([.. page.Items.Select(static item => new RecordId(RecordKind.KeyRing, item.Id))], cancellationToken);
        var elements = ImmutableList.CreateBuilder<XElement>();
        foreach (var record in records.Where(static record => record is not null))
        {
            var plain = wrapping.Unwrap(record!.Payload.Span)
                ?? throw new StoreStartupException("The key ring in the store was wrapped under another key. Set EdgeAuth:Secrets:Key to it, or add it to EdgeAuth:Secrets:PreviousKeys.");
            elements.Add(XElement.Parse(Encoding.UTF8.GetString(plain)));
        }

        _elements = elements.ToImmutable();
    }
}
