"""Reads an OGC API in QGIS without a screen; to be run by the Python that QGIS was built for.

    python3 qgis_reads.py < CASES

A case is a name with a provider and a source, or with the path of a layer definition; printed is what was
read of each.
"""

import json
import os
import sys
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsFeatureRequest,
    QgsLayerDefinition,
    QgsProject,
    QgsRectangle,
    QgsVectorDataProvider,
    QgsVectorLayer,
)

EDITS = (
    QgsVectorDataProvider.AddFeatures
    | QgsVectorDataProvider.DeleteFeatures
    | QgsVectorDataProvider.ChangeAttributeValues
    | QgsVectorDataProvider.ChangeGeometries
    | QgsVectorDataProvider.AddAttributes
)


def read(case: dict[str, Any]) -> dict[str, Any]:
    """What a layer holds: the ids of all its features, of those in a box and of those in a subset."""
    if "definition" in case:
        told, problem = QgsLayerDefinition.loadLayerDefinition(
            case["definition"], QgsProject.instance(), QgsProject.instance().layerTreeRoot()
        )
        layers = list(QgsProject.instance().mapLayers().values())
        if not told or len(layers) != 1:
            return {"problem": problem or f"{len(layers)} layers"}
        layer = layers[0]
    else:
        layer = QgsVectorLayer(case["source"], "layer", case["provider"])
    if not layer.isValid():
        return {"problem": layer.error().message() or "not valid"}
    found = {
        "provider": layer.providerType(),
        "count": layer.featureCount(),
        "crs": layer.crs().authid(),
        "editable": bool(layer.dataProvider().capabilities() & EDITS) or layer.startEditing(),
        "renderer": layer.renderer().type(),
        "ids": ids(layer, QgsFeatureRequest()),
    }
    if "box" in case:
        found["boxed"] = ids(layer, QgsFeatureRequest(QgsRectangle(*case["box"])))
    if "subset" in case:
        layer.setSubsetString(case["subset"])
        found["subset"] = ids(layer, QgsFeatureRequest())
    return found


def ids(layer: QgsVectorLayer, request: QgsFeatureRequest) -> list[int]:
    """The ids of features, in the order of numbers."""
    return sorted(feature["id"] for feature in layer.getFeatures(request))


QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
result = {name: read(case) for name, case in json.load(sys.stdin).items()}
sys.stdout.write(json.dumps(result))
sys.stdout.flush()
# QGIS 3.22 may crash while it takes itself apart, when all is said.
os._exit(0)
