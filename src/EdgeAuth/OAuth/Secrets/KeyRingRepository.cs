using System.Collections.Immutable;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.OAuth.Secrets;

/// <summary>
/// Keeps Data Protection's key ring in the store, each element wrapped. Reading is from memory: the ring is loaded before the host serves, and
/// what other nodes add is taken in from time to time.
/// </summary>
internal sealed partial class KeyRingRepository(IRecordStore store, WrappingKeys wrapping, ILogger<KeyRingRepository> logger) : IXmlRepository
{
    private const string Index = "ring";
    private const int PageSize = 1000;

    // By the id of the record; null where no key opens it.
    private ImmutableDictionary<string, XElement?> _elements = ImmutableDictionary.Create<string, XElement?>(StringComparer.Ordinal);

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Volatile.Read(ref _elements).Values.Where(static element => element is not null).Select(static element => new XElement(element!))];

    /// <summary>Blocks, as Data Protection's contract asks. A new key is made at start and every few weeks, never for a request.</summary>
    public void StoreElement(XElement element, string friendlyName)
    {
        var id = TokenText.Hex();
        store.PutAsync(Write(id, element), PutCondition.Any, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        ImmutableInterlocked.TryAdd(ref _elements, id, element);
    }

    /// <summary>Reads the ring. An element that no key opens is a <see cref="StoreStartupException"/>.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        if (Volatile.Read(ref _elements).ContainsValue(null))
        {
            throw new StoreStartupException("The key ring in the store was wrapped under another key. Set EdgeAuth:Secrets:Key to it, or add it to EdgeAuth:Secrets:PreviousKeys.");
        }
    }

    /// <summary>Takes in what other nodes added; true when there was something. A store that lost the ring gets it back.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref _elements);
        var stored = await ListAsync(cancellationToken);
        foreach (var (id, element) in known.Where(known => known.Value is not null && !stored.Contains(known.Key)))
        {
            await store.PutAsync(Write(id, element!), PutCondition.Absent, cancellationToken);
        }

        var added = stored.Where(id => !known.ContainsKey(id)).Select(static id => new RecordId(RecordKind.KeyRing, id)).ToList();
        if (added.Count == 0)
        {
            return false;
        }

        foreach (var record in await store.GetManyAsync(added, cancellationToken))
        {
            if (record is not null)
            {
                ImmutableInterlocked.TryAdd(ref _elements, record.Id.Id, await ReadAsync(record, cancellationToken));
            }
        }

        return true;
    }

    private async Task<HashSet<string>> ListAsync(CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        IndexPage page;
        var offset = 0;
        do
        {
            page = await store.ListAsync(RecordKind.KeyRing, Index, offset, PageSize, cancellationToken);
            ids.UnionWith(page.Items.Select(static item => item.Id));
            offset += page.Items.Count;
        }
        while (page.Items.Count == PageSize);

        return ids;
    }

    // Null when no key opens it.
    private async ValueTask<XElement?> ReadAsync(StoredRecord record, CancellationToken cancellationToken)
    {
        var plain = wrapping.Unwrap(record.Payload.Span);
        var isPlain = plain is null && wrapping.TakesPlain;
        XElement element;
        try
        {
            element = XElement.Parse(Encoding.UTF8.GetString(isPlain ? record.Payload.Span : plain));
        }
        catch (XmlException)
        {
            Log.Unreadable(logger, record.Id.Id);
            return null;
        }

        // From a time without a key.
        if (isPlain && wrapping.Wraps)
        {
            await store.PutAsync(Write(record.Id.Id, element), PutCondition.Version(record.Version), cancellationToken);
        }

        return element;
    }

    private RecordWrite Write(string id, XElement element) => new(new RecordId(RecordKind.KeyRing, id), wrapping.Wrap(Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting))))
    {
        Index = [new IndexEntry(Index, 0)],
    };

    private static partial class Log
    {
        [LoggerMessage(520, LogLevel.Error, "Element {Element} of the key ring was wrapped under a key that this node does not have. Set EdgeAuth:Secrets:Key to it on every node, or add it to EdgeAuth:Secrets:PreviousKeys", EventName = "KeyRingUnreadable")]
        public static partial void Unreadable(ILogger logger, string element);
    }
}
