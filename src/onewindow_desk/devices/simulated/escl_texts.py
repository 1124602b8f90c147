"""The XML a simulated scanner answers with."""

from collections.abc import Iterable

from onewindow_desk.devices.escl_messages import PWG, SCAN

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACES = f'xmlns:scan="{SCAN}" xmlns:pwg="{PWG}"'
RESOLUTIONS = (100, 150, 200, 300, 600)
MODEL = "OneWindow Simulated Scanner"
SERIAL = "SIM0001"
DEVICE_ID = "4f574400-0000-4000-8000-000000000001"

ENTITY_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"&a;") * 10) for n in range(10))
    + b"]><b>&a9;</b>"
)


def capabilities() -> bytes:
    """ScannerCapabilities: a flatbed and a simplex feeder, A4 and a little, JPEG only."""
    return f"""{HEAD}<scan:ScannerCapabilities {SPACES}>
<pwg:Version>2.63</pwg:Version>
<pwg:MakeAndModel>{MODEL}</pwg:MakeAndModel>
<pwg:SerialNumber>{SERIAL}</pwg:SerialNumber>
<scan:UUID>{DEVICE_ID}</scan:UUID>
<scan:Platen><scan:PlatenInputCaps>{_tray(3508)}</scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps>{_tray(4200)}</scan:AdfSimplexInputCaps>
<scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption></scan:AdfOptions></scan:Adf>
</scan:ScannerCapabilities>
""".encode()


def status(state: str, feeder: str, jobs: Iterable[str]) -> bytes:
    """ScannerStatus with the running jobs' paths."""
    listed = "".join(
        f"<scan:JobInfo><pwg:JobUri>{job}</pwg:JobUri><pwg:JobState>Processing</pwg:JobState></scan:JobInfo>"
        for job in jobs
    )
    return f"""{HEAD}<scan:ScannerStatus {SPACES}>
<pwg:Version>2.63</pwg:Version><pwg:State>{state}</pwg:State><scan:AdfState>{feeder}</scan:AdfState>
<scan:Jobs>{listed}</scan:Jobs></scan:ScannerStatus>
""".encode()


def _tray(max_height: int) -> str:
    resolutions = "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>"
        f"<scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
        for dpi in RESOLUTIONS
    )
    return f"""<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth>
<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{max_height}</scan:MaxHeight>
<scan:MaxScanRegions>1</scan:MaxScanRegions>
<scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode><scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}</scan:DiscreteResolutions>
</scan:SupportedResolutions>
<scan:ColorSpaces><scan:ColorSpace>sRGB</scan:ColorSpace></scan:ColorSpaces>
</scan:SettingProfile></scan:SettingProfiles>
<scan:SupportedIntents><scan:Intent>Document</scan:Intent></scan:SupportedIntents>
<scan:MaxOpticalXResolution>600</scan:MaxOpticalXResolution>
<scan:MaxOpticalYResolution>600</scan:MaxOpticalYResolution>"""
