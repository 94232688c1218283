using System.Xml.Linq;
using EdgeAuth.OAuth.Secrets;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>
/// The key ring, resolved when it is first used: YARP builds what could need it to validate a configuration, and a check must not open the store.
/// </summary>
internal sealed class DeferredKeyRing(IServiceProvider services) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => Ring.GetAllElements();

    public void StoreElement(XElement element, string friendlyName) => Ring.StoreElement(element, friendlyName);

    private KeyRingRepository Ring => services.GetRequiredService<KeyRingRepository>();
}
